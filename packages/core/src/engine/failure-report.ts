import type { Request } from '../commands/command.js'
import type { EffectKind } from '../effects/effect.js'

/**
 * What to record when an effect threw. A creation that was cancelled has failed; a merge that was cancelled or
 * broke before its landing goes back to the agent. Everything else stays owed: above all a landing, which may
 * have happened.
 */
export function failureReport(effect: EffectKind, error: unknown, signal?: AbortSignal): Request | null {
  const cancelled = signal?.aborted === true
  const message = cancelled ? 'it was cancelled' : messageOf(error)
  if (effect === 'create' && cancelled) {
    const failure = { code: 'cancelled', message }
    return { type: 'worktree.report-creation-failure', data: { failure, retryable: false } }
  }
  if (effect === 'prepare' || effect === 'verify') {
    const reason = cancelled ? 'cancelled' : 'error'
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
