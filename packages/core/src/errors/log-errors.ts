import type { ExpectedVersion } from '../ports/expected-version.js'
import { CoppiceError } from './coppice-error.js'

/** Another writer was first: the stream is not at the version that the append expected. */
export class VersionConflictError extends CoppiceError {
  readonly code = 'version-conflict'
  constructor(
    readonly stream: string,
    readonly expected: ExpectedVersion,
    readonly actual: number,
  ) {
    super(`stream ${stream} is at version ${actual}, the append expected ${expected}`, {
      hint: 'read the stream again and decide anew',
    })
  }
}

export class LogClosedError extends CoppiceError {
  readonly code = 'log-closed'
  constructor() {
    super('the log is closed')
  }
}

/** The log holds a fact that this version does not know: a newer version wrote it. */
export class UnknownFactError extends CoppiceError {
  readonly code = 'unknown-fact'
  constructor(
    readonly type: string,
    readonly sequence: number,
  ) {
    super(`fact ${sequence} is of the unknown type ${JSON.stringify(type)}`, {
      hint: 'a newer version wrote it: upgrade Coppice',
    })
  }
}

export class PositionNotFoundError extends CoppiceError {
  readonly code = 'position-not-found'
  constructor(
    readonly position: number,
    readonly last: number,
  ) {
    super(`the log has no position ${position}; its last is ${last}`, {
      hint: `choose a whole number from 0 to ${last}`,
    })
  }
}
