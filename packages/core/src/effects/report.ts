import type { Request } from '../commands/command.js'
import type { Deferred, Outcome } from './outcome.js'

/** The command that carries an outcome back to the machine; a deferred effect has none, for nothing happened. */
export function reportOf(outcome: Exclude<Outcome, Deferred>): Request {
  switch (outcome.kind) {
    case 'pinned':
      return { type: 'worktree.report-pinned', data: { checkpoint: outcome.checkpoint } }
    case 'missing':
      return { type: 'worktree.report-lost', data: {} }
    case 'created':
      return { type: 'worktree.report-created', data: outcome.data }
    case 'creation-failed':
      return {
        type: 'worktree.report-creation-failure',
        data: { failure: outcome.failure, retryable: outcome.retryable },
      }
    case 'prepared':
      return { type: 'merge.report-prepared', data: outcome.data }
    case 'conflicted':
      return { type: 'merge.report-conflicted', data: outcome.data }
    case 'verified':
      return { type: 'merge.report-verified', data: outcome.data }
    case 'rejected':
      return { type: 'merge.report-rejected', data: outcome.data }
    case 'landed':
      return { type: 'merge.report-landed', data: outcome.data }
    case 'base-moved':
      return { type: 'merge.report-base-moved', data: outcome.data }
    case 'rebuilt':
      return { type: 'worktree.report-rebuilt', data: outcome.data }
    case 'removed':
      return { type: 'worktree.report-removed', data: {} }
  }
}
