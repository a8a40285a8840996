import type { Command } from '../commands/command.js'
import { MAX_BASE_MOVES, MAX_CREATION_ATTEMPTS } from '../task/limits.js'
import type { RecoveredStatus } from '../task/recovered.js'
import type { TaskState } from '../task/state.js'

interface GuardArguments {
  readonly context: { readonly task: TaskState | null }
  readonly event: Command
}

export function isRecoveredAs({ event }: GuardArguments, status: RecoveredStatus): boolean {
  return event.type === 'task.recover' && event.data.status === status
}

export function mayRetryCreation({ context, event }: GuardArguments): boolean {
  if (event.type !== 'worktree.report-creation-failure') return false
  return event.data.retryable && (context.task?.attempts ?? 0) + 1 < MAX_CREATION_ATTEMPTS
}

export function mayPrepareAgain({ context }: GuardArguments): boolean {
  return (context.task?.merge?.baseMoves ?? 0) + 1 < MAX_BASE_MOVES
}

/** A report speaks of the commit that is prepared now, not of one that was prepared before the base moved. */
export function isCurrentMerge({ context, event }: GuardArguments): boolean {
  if (event.type !== 'merge.report-verified' && event.type !== 'merge.report-landed') return false
  return context.task?.merge?.prepared?.commit === event.data.commit
}

/** Nothing lands but the prepared commit, and that only once it was verified, where verification was asked for. */
export function isVerifiedMerge({ context, event }: GuardArguments): boolean {
  const merge = context.task?.merge
  return merge != null && (merge.verify === null || merge.verified) && isCurrentMerge({ context, event })
}

/** The worktree was never taken away, so that the task can go on in it as it stands. */
export function worktreeIsPresent({ context }: GuardArguments): boolean {
  return context.task?.worktree === 'present'
}

export function worktreeIsLost({ context }: GuardArguments): boolean {
  return context.task?.worktree === 'lost'
}
