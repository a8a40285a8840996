import {
  agentLockOf,
  decide,
  isCoppiceError,
  isFinished,
  recoveredState,
  streamOf,
  taskLockOf,
  type EventLog,
  type Lock,
  type Locks,
} from '@coppice/core'
import { GitWorkspace, type GitWorkspaceOptions } from '@coppice/git-adapter'
import { replaceLog, type LogBeginning } from '@coppice/store'
import { TaskBusyError } from '../errors.js'
import { SystemClock } from '../system/system-clock.js'
import {
  rememberedIn,
  remainsIn,
  siteOptions,
  type FindRemainsOptions,
  type Found,
  type Remains,
  type TaskRemains,
} from './find-remains.js'
import { isLost } from './is-lost.js'
import { stateOf } from './state-directory.js'

export interface StartNewLogOptions extends FindRemainsOptions {
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean
}

/** What a new log was begun with, or would be. */
export interface NewLogReport extends Remains {
  readonly dryRun: boolean
  /** False where the log turned out to be whole; nothing was done then, and nothing is listed. */
  readonly isNeeded: boolean
  /** The directory in which the old log is kept; null if there was nothing of it, or in a dry run. */
  readonly keptAside: string | null
}

/** Held while a new log is begun; before the locks of tasks, and before the log's own. */
const LOCK = 'new-log'

/**
 * Begins a new log from what git holds, where the old one is gone, or damaged so that a repair refuses it. What is in
 * worktrees and in no checkpoint is pinned first; worktrees and branches stay as they are. What is left of the old log is
 * kept. May be interrupted at any moment, and done again.
 *
 * @throws {LogNotLostError} when a repair, or a newer version, can read the log
 * @throws {TaskBusyError} while a process is at work on a task, or waits for its agent
 * @throws {LogInUseError} {RepairFailedError} {NotARepositoryError} {GitTooOldError} {GitMissingError} {LogReadError}
 */
export async function startNewLog(options: StartNewLogOptions): Promise<NewLogReport> {
  const { dryRun = false, signal } = options
  const state = await stateOf(options.repo)
  const site = siteOptions(state, options)
  const lock = dryRun ? null : await site.locks.acquire(LOCK, signal)
  const held = new Map<string, Lock>()
  try {
    if (!(await isLost(state, signal))) return { ...NOT_NEEDED, dryRun }
    const found = await remainsIn(site, await rememberedIn(state, options))
    if (dryRun) return { ...found, tasks: remainsOf(found.tasks), dryRun, isNeeded: true, keptAside: null }
    for (const { remains } of found.tasks) await keepOthersOut(site.locks, remains, held)
    let report = NOT_NEEDED
    // From here on nobody appends to the old log; until now somebody may have.
    const prepare = async (): Promise<LogBeginning | null> => {
      if (!(await isLost(state, signal))) return null
      const now = await remainsIn(site, await rememberedIn(state, options))
      const tasks: TaskRemains[] = []
      for (const each of now.tasks) {
        await keepOthersOut(site.locks, each.remains, held)
        tasks.push(await pinned(site, each, signal))
      }
      report = { ...now, tasks, dryRun, isNeeded: true, keptAside: null }
      return (log) => write(log, tasks)
    }
    const keptAside = await replaceLog(state.directory, prepare, signal)
    return { ...report, keptAside }
  } finally {
    for (const each of held.values()) await each.release()
    await lock?.release()
  }
}

const NOT_NEEDED: NewLogReport = {
  dryRun: false,
  isNeeded: false,
  keptAside: null,
  tasks: [],
  gone: [],
  odd: [],
}

function remainsOf(found: readonly Found[]): readonly TaskRemains[] {
  return found.map(({ remains }) => remains)
}

/** Of tasks that are done there may be very many, and nobody works on them. */
async function keepOthersOut(
  locks: Locks,
  { id, recovered }: TaskRemains,
  held: Map<string, Lock>,
): Promise<void> {
  if (isFinished(recovered.status)) return
  for (const name of [taskLockOf(id), agentLockOf(id)]) {
    if (held.has(name)) continue
    const lock = await locks.tryAcquire(name)
    if (lock === null) throw new TaskBusyError(id)
    held.set(name, lock)
  }
}

/** Pins what nothing holds yet; a worktree that cannot be read stays as it is, and is told of. */
async function pinned(
  site: GitWorkspaceOptions,
  { remains, remnant, toPin }: Found,
  signal: AbortSignal | undefined,
): Promise<TaskRemains> {
  const workspace = new GitWorkspace(site)
  const at = new SystemClock().now()
  const context = { at, signal }
  if (toPin !== null) {
    const action = { kind: 'move-ref', ref: toPin.ref, from: null, to: toPin.commit } as const
    await workspace.repair(action, null, context)
  }
  const pins = { ...remains.pins, ...(toPin && { [toPin.ref]: toPin.commit }) }
  if (remnant.worktree?.standing !== 'whole') return { ...remains, pins }
  const { id, recovered } = remains
  try {
    const message = 'when a new log was begun'
    const outcome = await workspace.checkpoint(recoveredState(id, recovered, at), message, context)
    if (outcome.kind !== 'pinned') return remains
    const { checkpoint } = outcome
    return {
      ...remains,
      pins: { ...pins, [checkpoint.ref]: checkpoint.commit },
      recovered: { ...recovered, checkpoint },
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!isCoppiceError(error)) throw error
    return { ...remains, problem: error.message }
  }
}

async function write(log: EventLog, tasks: readonly TaskRemains[]): Promise<void> {
  const at = new SystemClock().now()
  const appends = tasks.map(({ id, recovered }) => {
    const decision = decide(null, { type: 'task.recover', at, data: recovered })
    if (!decision.accepted) throw new TypeError(`the lifecycle refuses what was recovered of ${id}`)
    return log.append(streamOf(id), decision.facts, 'no-stream')
  })
  await Promise.all(appends)
}
