import { CoppiceError } from '@coppice/core'

/** Somebody holds the append lock and does not let go of it. Nothing was changed. */
export class LogInUseError extends CoppiceError {
  readonly code = 'log-in-use'
  constructor(
    /** The lock's file. */
    readonly path: string,
    /** Milliseconds that were waited. */
    readonly waited: number,
  ) {
    super(
      `another process has held ${path} for ${waited / 1_000} s, and it may write to the log at any moment`,
      {
        hint: 'nothing was changed; end the process that holds it, or wait for it, then repair again',
      },
    )
  }
}

/** There are no segments where a copy of the log should be. */
export class CopiesNotFoundError extends CoppiceError {
  readonly code = 'copies-not-found'
  constructor(readonly directory: string) {
    super(`there are no segments of a log in ${directory}`, {
      hint: 'give the directory that holds copies of the files 00000001.jsonl and so on',
    })
  }
}

/** A repair could not be written. The log is as it was or, where a step was done before, better. */
export class RepairFailedError extends CoppiceError {
  readonly code = 'repair-failed'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`${path} could not be repaired: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'no good bytes are lost; see that the disk has room and that the directory may be written, then repair again',
      cause,
    })
  }
}
