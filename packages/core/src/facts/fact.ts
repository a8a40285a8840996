import type { Checkpoint } from '../task/checkpoint.js'
import type { MergeRejectionReason, MergeStrategy, PreparedMerge } from '../task/merge.js'
import type { RecoveredTask } from '../task/recovered.js'
import type { Agent, Base, Failure } from '../task/state.js'

/** The data of every fact, by type. A fact says what happened, in the past tense, and is never changed. */
export interface FactData {
  'task.requested': {
    readonly title: string | null
    readonly base: Base
    readonly into: string | null
    readonly branch: string
    readonly path: string
  }
  /** The first fact of a task in a log that was begun because the one before was lost. */
  'task.recovered': RecoveredTask
  'task.parked': { readonly reason: string | null }
  'task.resumed': Record<string, never>
  'task.abandoned': { readonly reason: string | null }
  'task.restored': Record<string, never>
  'worktree.created': { readonly gitDir: string; readonly head: string }
  'worktree.creation-failed': { readonly attempt: number; readonly final: boolean; readonly failure: Failure }
  'worktree.removed': Record<string, never>
  'worktree.lost': Record<string, never>
  'worktree.rebuilt': {
    readonly gitDir: string
    readonly head: string
    readonly checkpoint: number | null
    /** Where it is, if it was found in another place than the one where it was. */
    readonly path?: string
  }
  'checkpoint.taken': { readonly checkpoint: Checkpoint; readonly message: string | null }
  'merge.requested': {
    readonly strategy: MergeStrategy
    readonly into: string
    readonly verify: readonly string[] | null
    readonly message: string | null
  }
  'merge.prepared': PreparedMerge
  'merge.verified': { readonly commit: string }
  'merge.base-moved': { readonly expected: string; readonly actual: string | null }
  'merge.conflicted': { readonly files: readonly string[]; readonly fileCount: number }
  'merge.rejected': {
    readonly reason: MergeRejectionReason
    readonly message: string
    readonly files: readonly string[]
    readonly exitCode: number | null
    readonly output: string
  }
  'merge.landed': { readonly commit: string; readonly into: string; readonly strategy: MergeStrategy }
  'agent.started': Agent
  'agent.exited': { readonly pid: number; readonly exitCode: number | null; readonly signal: string | null }
}

export type FactType = keyof FactData

/** A fact before the log has numbered it. `at` is ISO 8601. */
export type FactOf<T extends FactType> = {
  [K in T]: { readonly type: K; readonly at: string; readonly data: FactData[K] }
}[T]

export type Fact = FactOf<FactType>
