import { CoppiceError } from '@coppice/core'

/** The command line was not understood. */
export class UsageError extends CoppiceError {
  readonly code = 'usage'
}

/** The user, or the system, asked the command to end. */
export class InterruptedError extends CoppiceError {
  readonly code = 'interrupted'
  constructor(readonly signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`, {
      hint: 'nothing is lost; `coppice list` shows where every task stands',
    })
  }
}
