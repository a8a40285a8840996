import { CoppiceError } from '../errors/coppice-error.js'

/**
 * A snapshot that was good when it was loaded has lost done tasks since. It is only a cache: whatever waits for the
 * log, `refresh` and every operation, reads them from there again, and then they are known.
 */
export class SnapshotLostError extends CoppiceError {
  readonly code = 'snapshot-lost'
  constructor(cause: unknown) {
    super('the snapshot can no longer be read, and finished tasks were in it', {
      hint: 'nothing is lost: `refresh()` reads them from the log, as does opening once the snapshot is deleted',
      cause,
    })
  }
}
