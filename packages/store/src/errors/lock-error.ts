import { CoppiceError } from '@coppice/core'

export class LockError extends CoppiceError {
  readonly code = 'lock-failed'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`the lock ${path} could not be taken: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'see that its directory may be written and is on a file system with locks',
      cause,
    })
  }
}
