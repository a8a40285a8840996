import { CoppiceError } from '@coppice/core'

export class FactTooLargeError extends CoppiceError {
  readonly code = 'fact-too-large'
  constructor(
    readonly type: string,
    /** What its record would take, in bytes. */
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`a ${type} fact takes ${bytes} bytes in the log, more than the ${limit} that a record may have`, {
      hint: 'keep large content in a file or a git object, and its name in the fact',
    })
  }
}

/** JSON cannot hold the fact, so that the log would not give back what was put in. */
export class FactNotJsonError extends CoppiceError {
  readonly code = 'fact-not-json'
  constructor(
    readonly type: string,
    cause?: unknown,
  ) {
    super(`the data of a ${type} fact cannot be written as JSON`, {
      hint: 'facts hold objects, arrays, strings, numbers, booleans and null',
      cause,
    })
  }
}
