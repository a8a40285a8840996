import type { Checkpoint } from '../task/checkpoint.js'
import type { Landing } from '../task/merge.js'

/** What git holds of one task, whatever a log says of it. All commits are such as exist. */
export interface Remnant {
  readonly id: string
  /** The task's own branch, short; there need not be one. */
  readonly branch: string
  readonly tip: HeldCommit | null
  /** Where its worktree is, or would be. */
  readonly path: string
  readonly worktree: WorktreeRemnant | null
  /** Whether the making of a worktree was begun, and its maker was stopped. */
  readonly isBegun: boolean
  /** The refs that hold something of the task, and what they hold. */
  readonly pins: Readonly<Record<string, string>>
  /** The newest one, put together from its commit. */
  readonly checkpoint: Checkpoint | null
  /** The newest commit that another pin holds, where there is no checkpoint. */
  readonly spare: HeldCommit | null
  /** The number that a checkpoint may have that is taken next. */
  readonly nextNumber: number
  /** The commit that it began with, as was remembered, or the newest that it shares with a branch of somebody else's. */
  readonly base: string | null
  /** Where its merge is, if all that it holds is in somebody's branch. */
  readonly landing: Landing | null
}

export interface HeldCommit {
  readonly commit: string
  readonly tree: string
}

/** A worktree that was made for a task, by git's entry of it. */
export interface WorktreeRemnant {
  readonly gitDir: string
  /** `whole`: directory and entry name each other. `lost`: its directory is gone. `severed`: its `.git` names nothing. */
  readonly standing: 'whole' | 'lost' | 'severed'
}

/** Something that looks like a task's and is left alone, and why. */
export interface Oddity {
  /** A ref or a path. */
  readonly subject: string
  readonly why: string
}

export interface Remnants {
  /** By id. */
  readonly tasks: readonly Remnant[]
  readonly odd: readonly Oddity[]
}
