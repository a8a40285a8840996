import type { Checkpoint } from './checkpoint.js'
import type { Landing, MergeInProgress, Setback } from './merge.js'
import type { TaskStatus } from './status.js'

/** Where a task starts from. */
export interface Base {
  /** The name as it was given: a branch, a tag, a commit. */
  readonly ref: string
  /** The commit it named when the task was requested: the baseline, for ever. */
  readonly commit: string
}

/** A process at work in a worktree; the start time tells it from a later process with the same id. */
export interface Agent {
  readonly pid: number
  /** The system's own mark of the process's start; opaque, compared for equality only. */
  readonly startTime: string
  readonly command: readonly string[]
}

export interface Failure {
  readonly code: string
  readonly message: string
}

/**
 * What the log says of the worktree: not there, being made, there, or found missing.
 * The real world may differ at any time; comparing the two is the survey's work.
 */
export type WorktreeState = 'absent' | 'making' | 'present' | 'lost'

/** A task as the fold of its facts; nothing in it comes from anywhere else. */
export interface TaskState {
  readonly id: string
  readonly status: TaskStatus
  /** Facts in the task's stream so far. */
  readonly version: number
  readonly title: string | null
  readonly base: Base
  /** The branch that merges land on by default, or null where the base is no local branch. */
  readonly into: string | null
  /** The task's own branch, short. */
  readonly branch: string
  /** The worktree's directory, absolute. */
  readonly path: string
  readonly worktree: WorktreeState
  /** Git's own directory of the worktree, absolute, once it was made. */
  readonly gitDir: string | null
  readonly attempts: number
  readonly failure: Failure | null
  /** The newest checkpoint. */
  readonly checkpoint: Checkpoint | null
  readonly merge: MergeInProgress | null
  readonly setback: Setback | null
  readonly landing: Landing | null
  readonly agent: Agent | null
  /** ISO 8601, of the first and the newest fact. */
  readonly requestedAt: string
  readonly updatedAt: string
}
