import { CoppiceError } from '@coppice/core'

/** What is in memory could not be written to the disk. */
export class SyncError extends CoppiceError {
  readonly code = 'sync-failed'
  constructor(
    readonly path: string,
    readonly detail: string,
    cause: unknown,
  ) {
    super(`the file system of ${path} could not be synced: ${detail}`, {
      hint: 'look at the disk: the system log says what is wrong with it',
      cause,
    })
  }
}

/** An object of the repository's cannot be read: a power cut has torn it, or the disk has lost it. */
export class DamagedObjectError extends CoppiceError {
  readonly code = 'object-damaged'
  constructor(
    /** The file that it is in. */
    readonly path: string,
    readonly stderr: string,
  ) {
    super(`an object of the repository is damaged: git cannot read ${path}`, {
      hint: '`coppice repair` takes away what a power cut has torn, and puts branches of tasks back to what is whole; `git fsck --full` tells what is damaged besides',
    })
  }
}

/** Objects that a power cut has torn, or may have, are left, for they could not be read or taken away. */
export class TornObjectsError extends CoppiceError {
  readonly code = 'torn-objects-left'
  constructor(
    /** What was said of each. */
    readonly reasons: readonly string[],
  ) {
    super(`${reasons.length} objects may be torn since a power cut and are left: ${named(reasons)}`, {
      hint: 'see to it that they can be read and deleted; they are looked at again by whatever opens the repository next',
    })
  }
}

function named(reasons: readonly string[]): string {
  const more = reasons.length > MAX_NAMED ? '; …' : ''
  return `${reasons.slice(0, MAX_NAMED).join('; ')}${more}`
}

/** How many reasons a message names. */
const MAX_NAMED = 5
