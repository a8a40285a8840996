import type { EffectKind } from '../effects/effect.js'
import { CoppiceError } from '../errors/coppice-error.js'
import type { Failure } from '../task/state.js'

/** An effect would not be safe now. Nothing was touched, and it is tried again when the repository is next opened. */
export class DeferredEffectError extends CoppiceError {
  readonly code = 'effect-deferred'
  constructor(
    readonly task: string,
    readonly effect: EffectKind,
    readonly reason: Failure,
  ) {
    super(`${effect} of task ${JSON.stringify(task)} has to wait: ${reason.message}`)
  }
}
