import type { FactData } from '../facts/fact.js'
import type { Checkpoint } from '../task/checkpoint.js'
import type { Failure } from '../task/state.js'

/** The worktree held something that no fact speaks of. It is pinned now; record that, then ask again. */
export interface Pinned {
  readonly kind: 'pinned'
  readonly checkpoint: Checkpoint
}

/** The worktree's directory is gone. */
export interface Missing {
  readonly kind: 'missing'
}

export type CreateOutcome =
  | { readonly kind: 'created'; readonly data: FactData['worktree.created'] }
  | { readonly kind: 'creation-failed'; readonly failure: Failure; readonly retryable: boolean }

/** `unchanged`: the newest checkpoint holds everything already. */
export type CheckpointOutcome = Pinned | Missing | { readonly kind: 'unchanged' }

export type PrepareOutcome =
  | Pinned
  | Missing
  | Rejected
  | { readonly kind: 'prepared'; readonly data: FactData['merge.prepared'] }
  | { readonly kind: 'conflicted'; readonly data: FactData['merge.conflicted'] }

export type VerifyOutcome =
  | Rejected
  | { readonly kind: 'verified'; readonly data: FactData['merge.verified'] }

export type LandOutcome =
  | Rejected
  | { readonly kind: 'landed'; readonly data: { readonly commit: string } }
  | { readonly kind: 'base-moved'; readonly data: FactData['merge.base-moved'] }

export type RebuildOutcome =
  | Deferred
  | { readonly kind: 'rebuilt'; readonly data: FactData['worktree.rebuilt'] }

export type RemoveOutcome = Pinned | Deferred | { readonly kind: 'removed' }

/** Doing it now would not be safe; nothing was touched and it stays owed. */
export interface Deferred {
  readonly kind: 'deferred'
  readonly failure: Failure
}

export interface Rejected {
  readonly kind: 'rejected'
  readonly data: FactData['merge.rejected']
}

export type Outcome =
  | CreateOutcome
  | PrepareOutcome
  | VerifyOutcome
  | LandOutcome
  | RebuildOutcome
  | RemoveOutcome
