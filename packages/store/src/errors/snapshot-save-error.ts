import { CoppiceError } from '@coppice/core'

/** A snapshot, of the tasks or of what was learnt of the log, is a cache: without it the next opening takes longer, and nothing else is wrong. */
export class SnapshotSaveError extends CoppiceError {
  readonly code = 'snapshot-not-saved'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`the snapshot ${path} could not be saved`, {
      hint: 'nothing is lost, but opening takes longer; see that the disk has room and may be written',
      cause,
    })
  }
}
