import {
  isFinished,
  recoveredState,
  recoveryOf,
  type Checkpoint,
  type Oddity,
  type RecoveredTask,
  type Remnant,
} from '@coppice/core'
import { surveyRemnants, uncommittedIn, type GitWorkspaceOptions } from '@coppice/git-adapter'
import { FileLocks } from '@coppice/store'
import { join, resolve } from 'node:path'
import type { Memory } from './memory.js'
import { remember } from './remember.js'
import { stateOf, type State } from './state-directory.js'

export interface FindRemainsOptions {
  /** A directory of the repository, as for `openCoppice`. */
  readonly repo: string
  /** As for `openCoppice`: where worktrees are made, and what the names of task branches begin with. */
  readonly worktreesDir?: string
  readonly branchPrefix?: string
  /** A directory with copies of the log's segments, such as a backup of it, to remember tasks by. */
  readonly from?: string
  readonly signal?: AbortSignal
}

/** What is left of a task whose log is lost. */
export interface TaskRemains {
  readonly id: string
  /** What a new log would say of it, with what it could not say. */
  readonly recovered: RecoveredTask
  /** The commit that its branch is at, or null where there is no branch. */
  readonly tip: string | null
  /** The refs that hold something of it, and the commits that they hold. */
  readonly pins: Readonly<Record<string, string>>
  /** Whether its worktree holds what is in no commit; null where there is no worktree, or it cannot be read. */
  readonly uncommitted: boolean | null
  /** Why the worktree cannot be read, or null. */
  readonly problem: string | null
}

/** What git still holds of the tasks of a log, and what it does not. */
export interface Remains {
  /** By id. */
  readonly tasks: readonly TaskRemains[]
  /** Tasks that are remembered, and of which git holds nothing. */
  readonly gone: readonly string[]
  /** What looks like a task's, and is left alone. */
  readonly odd: readonly Oddity[]
}

/**
 * Lists what git holds of the tasks of a repository, whatever its log says, and what a new log would make of it. Takes
 * no lock and changes nothing.
 *
 * @throws {NotARepositoryError} {GitTooOldError} {GitMissingError} {LogReadError}
 */
export async function findRemains(options: FindRemainsOptions): Promise<Remains> {
  const state = await stateOf(options.repo)
  const memory = await rememberedIn(state, options)
  const { tasks, ...rest } = await remainsIn(siteOptions(state, options), memory)
  return { tasks: tasks.map(({ remains }) => remains), ...rest }
}

/** A task with what has to be pinned, and can be, before a log may speak of it. */
export interface Found {
  readonly remains: TaskRemains
  readonly remnant: Remnant
  readonly toPin: Checkpoint | null
}

export async function remainsIn(
  site: GitWorkspaceOptions,
  memory: Memory,
): Promise<Omit<Remains, 'tasks'> & { readonly tasks: readonly Found[] }> {
  const { tasks, odd } = await surveyRemnants(site, memory.tasks)
  const found: Found[] = []
  const left: Oddity[] = []
  for (const remnant of tasks) {
    const recovery = recoveryOf(remnant, memory.tasks.get(remnant.id) ?? null)
    if (recovery === null)
      left.push({ subject: `refs/coppice/${remnant.id}`, why: 'git holds no work of it' })
    else {
      const { task, toPin } = recovery
      found.push({ remnant, toPin, remains: await described(site, remnant, task) })
      if (remnant.tip !== null && isFinished(task.status)) left.push(otherBranch(task))
    }
  }
  const ids = new Set(found.map(({ remains }) => remains.id))
  const gone = [...memory.tasks.keys()].filter((id) => !ids.has(id)).toSorted()
  return { tasks: found, gone, odd: [...left, ...odd] }
}

export function rememberedIn({ directory }: State, { from, signal }: FindRemainsOptions): Promise<Memory> {
  return remember(directory, from === undefined ? null : resolve(from), signal)
}

export function siteOptions(
  { repository, directory }: State,
  { worktreesDir, branchPrefix }: FindRemainsOptions,
): GitWorkspaceOptions {
  return { repository, locks: new FileLocks(join(directory, 'locks')), worktreesDir, branchPrefix }
}

async function described(
  site: GitWorkspaceOptions,
  { id, tip, pins, worktree }: Remnant,
  recovered: RecoveredTask,
): Promise<TaskRemains> {
  const about = { id, recovered, tip: tip?.commit ?? null, pins }
  if (worktree?.standing !== 'whole') return { ...about, uncommitted: null, problem: problemOf(worktree) }
  const look = await uncommittedIn(site, recoveredState(id, recovered, NO_TIME))
  if ('problem' in look) return { ...about, uncommitted: null, problem: look.problem }
  return { ...about, uncommitted: look.uncommitted, problem: null }
}

function otherBranch({ branch }: RecoveredTask): Oddity {
  return { subject: `refs/heads/${branch}`, why: 'it is not where the task left it, and stays as it is' }
}

/** Nothing that is looked at depends on when. */
const NO_TIME = '1970-01-01T00:00:00.000Z'

function problemOf(worktree: Remnant['worktree']): string | null {
  if (worktree === null) return null
  return worktree.standing === 'lost'
    ? 'the worktree’s directory is gone'
    : 'the worktree’s .git does not name its git directory any more'
}
