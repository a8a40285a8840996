import type { MergeRejectionReason, TaskState } from '@coppice/core'

/** What came of a merge. All but `merged` leave the task active, and nothing of the target branch changed. */
export type MergeOutcome =
  | {
      readonly status: 'merged'
      /** The commit that landed. */
      readonly commit: string
      /** The branch that it landed on. */
      readonly into: string
    }
  | {
      readonly status: 'conflicted'
      /** Paths relative to the repository's root; the first thousand of `fileCount`. */
      readonly files: readonly string[]
      readonly fileCount: number
    }
  | {
      readonly status: 'rejected'
      readonly reason: MergeRejectionReason
      readonly message: string
      /** The files that are in the way, where files are. */
      readonly files: readonly string[]
      /** The verify command's exit code, where it was the one that rejected. */
      readonly exitCode: number | null
      /** The end of the verify command's output. */
      readonly output: string
    }

/** Reads the outcome from the state that a merge led to. */
export function mergeOutcomeOf({ id, landing, setback }: TaskState): MergeOutcome {
  if (landing !== null) return { status: 'merged', commit: landing.commit, into: landing.into }
  if (setback === null) throw new TypeError(`the merge of task ${id} ended without an outcome`)
  const { kind, ...details } = setback
  return { status: kind, ...details } as MergeOutcome
}
