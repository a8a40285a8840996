export const MERGE_STRATEGIES = ['merge', 'squash', 'rebase', 'ff'] as const

export type MergeStrategy = (typeof MERGE_STRATEGIES)[number]

/** A merge on its way: what was asked for, and how far it has come. */
export interface MergeInProgress {
  readonly strategy: MergeStrategy
  /** The branch it lands on, short. */
  readonly into: string
  /** The command that has to succeed on the merged tree, as arguments, or null for none. */
  readonly verify: readonly string[] | null
  readonly message: string | null
  readonly prepared: PreparedMerge | null
  /** True once the verify command succeeded on exactly `prepared.commit`. */
  readonly verified: boolean
  /** How often the target has moved before the merge could land. */
  readonly baseMoves: number
}

/** The commit that will land, computed on the base commit that it is to replace. */
export interface PreparedMerge {
  readonly commit: string
  readonly tree: string
  readonly base: string
  /** The task's commit that was merged. */
  readonly tip: string
}

/** Why a merge did not land, for programs. */
export type MergeRejectionReason =
  | 'verification-failed'
  | 'base-missing'
  | 'base-restless'
  | 'checkout-in-the-way'
  | 'not-fast-forward'
  | 'worktree-unmerged'
  | 'branch-diverged'
  | 'no-identity'
  | 'cancelled'
  | 'error'

/** Why the last merge came back; the task is active again and goes on. */
export type Setback =
  | { readonly kind: 'conflicted'; readonly files: readonly string[]; readonly fileCount: number }
  | {
      readonly kind: 'rejected'
      readonly reason: MergeRejectionReason
      readonly message: string
      readonly files: readonly string[]
      /** The verify command's exit code, where it was the one that rejected. */
      readonly exitCode: number | null
      /** The end of the verify command's output. */
      readonly output: string
    }

export interface Landing {
  readonly commit: string
  readonly into: string
  /** Null where a lost log took the knowledge of it along. */
  readonly strategy: MergeStrategy | null
}
