import type { Checkpoint } from '../task/checkpoint.js'
import type { RecoveredStatus, RecoveredTask, UnknownOfTask } from '../task/recovered.js'
import type { Base, TaskState } from '../task/state.js'
import { isFinished } from '../task/status.js'
import type { HeldCommit, Remnant } from './remnant.js'

/** What a new log is to say of a task, and what has to be pinned before it may say so. */
export interface Recovery {
  readonly task: RecoveredTask
  /** A checkpoint that the task has and that no ref holds yet. */
  readonly toPin: Checkpoint | null
}

/**
 * Works out what a task is from what git holds of it. Where that can mean two things, it is the one in which more is
 * kept: a worktree that stands is an active task's, and what has not provably landed can be restored.
 *
 * @param memory what could be found of what the lost log said, which may be old
 * @returns null where git holds no work of it
 */
export function recoveryOf(remnant: Remnant, memory: TaskState | null): Recovery | null {
  if (remnant.base === null) return null
  const base = baseOf(remnant.base, memory)
  const status = statusOf(remnant, base, memory)
  if (status === null) return null
  const { toPin, checkpoint } = contentOf(remnant, status)
  const isActive = status === 'active'
  const task: RecoveredTask = {
    status,
    title: memory?.title ?? null,
    base,
    into: memory?.into ?? null,
    branch: remnant.branch,
    path: remnant.path,
    gitDir: isActive ? (remnant.worktree?.gitDir ?? null) : null,
    checkpoint,
    landing: status === 'merged' ? (memory?.landing ?? remnant.landing) : null,
    agent: isActive ? (memory?.agent ?? null) : null,
    unknown: unknownOf(remnant.base, memory, isActive),
  }
  return { task, toPin }
}

function unknownOf(base: string, memory: TaskState | null, isActive: boolean): readonly UnknownOfTask[] {
  const agent = isActive ? (['agent'] as const) : []
  if (memory === null) return ['title', 'base', 'into', ...agent]
  return memory.base.commit === base ? agent : ['base', ...agent]
}

function baseOf(commit: string, memory: TaskState | null): Base {
  return memory?.base.commit === commit ? memory.base : { ref: commit, commit }
}

function statusOf(remnant: Remnant, base: Base, memory: TaskState | null): RecoveredStatus | null {
  const { worktree, isBegun, tip, checkpoint, spare, landing } = remnant
  if (worktree !== null) return 'active'
  if (memory?.status === 'merged') return 'merged'
  // Gone on with only where it would begin with just what it was to begin with.
  if (tip !== null && isBegun && tip.commit === (checkpoint?.tip ?? base.commit)) return 'creating'
  if (tip !== null && isOwnBranch(tip, checkpoint, memory)) return 'parked'
  if (landing !== null) return 'merged'
  return checkpoint === null && spare === null ? null : 'abandoned'
}

/** A branch without a worktree is a task's own where the task left it; anybody may have made another one of its name. */
function isOwnBranch(tip: HeldCommit, checkpoint: Checkpoint | null, memory: TaskState | null): boolean {
  if (checkpoint !== null) return checkpoint.tip === tip.commit
  return memory !== null && !isFinished(memory.status)
}

/** A parked task comes back at its branch, an abandoned one at whatever is newest. */
function contentOf(
  remnant: Remnant,
  status: RecoveredStatus,
): { readonly checkpoint: Checkpoint | null; readonly toPin: Checkpoint | null } {
  const { checkpoint, tip, spare } = remnant
  const needed = status === 'parked' ? tip : status === 'abandoned' ? spare : null
  if (checkpoint !== null || needed === null) return { checkpoint, toPin: null }
  const made = cleanCheckpoint(remnant, needed)
  return { checkpoint: made, toPin: made }
}

function cleanCheckpoint({ id, branch, nextNumber }: Remnant, { commit, tree }: HeldCommit): Checkpoint {
  const ref = `refs/coppice/${id}/checkpoints/${nextNumber}`
  const nothing = { rawIndex: null, uncaptured: [] }
  return { number: nextNumber, ref, commit, head: commit, branch, tip: commit, index: tree, tree, ...nothing }
}
