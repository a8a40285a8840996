import { CoppiceError } from '@coppice/core'

/** A snapshot that is there and cannot be read is none: this opening takes longer, and nothing else is wrong. */
export class SnapshotReadError extends CoppiceError {
  readonly code = 'snapshot-not-read'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`the snapshot ${path} could not be read`, {
      hint: 'nothing is lost, but opening takes longer; see that this user may read the state directory',
      cause,
    })
  }
}
