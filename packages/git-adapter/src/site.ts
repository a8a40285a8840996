import type { Locks } from '@coppice/core'
import { withLock } from '@coppice/core'
import type { KeptLooks } from './capture/kept-looks.js'
import type { Repository } from './repository/repository.js'
import type { Rubbish } from './worktree/rubbish.js'

/** Where tasks live: the repository, and how worktrees and branches are laid out in and beside it. */
export interface Site {
  readonly repository: Repository
  readonly locks: Locks
  /** The directory of all worktrees, absolute and free of symbolic links. */
  readonly worktreesDir: string
  readonly branchPrefix: string
  readonly workshop: Workshop
  /** The last look at each task's worktree; null where the objects of a capture do not last. */
  readonly looks: KeptLooks | null
  readonly rubbish: Rubbish
  /** What the pool of ready worktrees may be now; null where nobody keeps one. */
  readonly poolLimits: () => PoolLimits | null
  /** What makes a new worktree ready, or null for nothing. */
  readonly setup: Setup | null
  /** Ignored directories that stay in a worktree which the next task gets, as paths from the top. */
  readonly kept: readonly string[]
  /** Ignored directories of the main checkout that new worktrees get clones of, as paths from the top. */
  readonly cloned: readonly string[]
}

export interface Setup {
  /** A program and its arguments. */
  readonly command: readonly string[]
  /** Files and directories, as paths from the top, that alone decide what it makes; with none it runs for each task. */
  readonly inputs: readonly string[]
}

export interface PoolLimits {
  /** How many ready worktrees wait for tasks. */
  readonly size: number
  /** What all of them may take on the disk. */
  readonly maxBytes: number
}

/** Where the engine keeps what it works with: private git directories, temporary indexes, and new objects. */
export interface Workshop {
  readonly directory: string
  readonly objects: string
  /** The repository's object store, where new objects go elsewhere. */
  readonly alternates: string | null
}

/** Held while the repository's worktrees change. */
export const REPOSITORY_LOCK = 'repository'

/**
 * Runs work while no other process of ours changes the repository's worktrees. Git's own commands for that race with
 * one another (`worktree add` reads its siblings' half-written files); what takes long happens outside.
 */
export function underRepositoryLock<T>(
  site: Site,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return withLock(site.locks, REPOSITORY_LOCK, signal, work)
}

/** Held while a target branch moves. */
export const LANDING_LOCK = 'landing'

/** Landings follow one another, so that two of them never work in one checkout. */
export function underLandingLock<T>(
  site: Site,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return withLock(site.locks, LANDING_LOCK, signal, work)
}
