import type { Request } from '../commands/command.js'
import type { EffectKind } from '../effects/effect.js'
import type { TaskState } from '../task/state.js'
import type { Cancellation } from './cancellation.js'

/**
 * What to record when an effect threw. A creation that was cancelled has failed; a merge that was cancelled or
 * broke before its landing goes back to the agent. Everything else stays owed: above all a landing, which may
 * have happened, and what was cut short by somebody who had not asked for it.
 */
export function failureReport(
  task: TaskState,
  effect: EffectKind,
  error: unknown,
  { signal, isRequested }: Cancellation,
): Request | null {
  const isCancelled = signal?.aborted === true
  if (isCancelled && !isRequested) return null
  const message = isCancelled ? 'it was cancelled' : messageOf(error)
  if (effect === 'create' && isCancelled) {
    const failure = { code: 'cancelled', message }
    return { type: 'worktree.report-creation-failure', data: { failure, retryable: false } }
  }
  if (task.status === 'merging' && effect !== 'land') {
    const reason = isCancelled ? 'cancelled' : 'error'
    return {
      type: 'merge.report-rejected',
      data: { reason, message, files: [], exitCode: null, output: '' },
    }
  }
  return null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
