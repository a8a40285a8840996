import { CoppiceError } from '@coppice/core'

/** A part of an archive is missing or not as it was written. Its owner discards the archive and makes a new one. */
export class ArchiveDamagedError extends CoppiceError {
  readonly code = 'archive-damaged'
  constructor(readonly path: string) {
    super(`${path} is missing or damaged; it is a part of a cache`, {
      hint: 'nothing is lost: all that it held is in the log',
    })
  }
}
