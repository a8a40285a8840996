import { CoppiceError } from '@coppice/core'

/** What a simulated repository refuses, under the codes that the real one refuses it under. */
export class SimulatedGitError extends CoppiceError {
  constructor(
    readonly code: SimulatedGitErrorCode,
    message: string,
    /** What the error is about, where that is one thing: a ref, a branch or a path. */
    readonly subject: string | null = null,
  ) {
    super(message)
  }
}

export type SimulatedGitErrorCode =
  | 'base-not-found'
  | 'branch-exists'
  | 'branch-moved'
  | 'branch-prefix-invalid'
  | 'empty-repository'
  | 'git-failed'
  | 'path-occupied'
  | 'target-not-found'
  | 'worktree-broken'
