import { CoppiceError } from '@coppice/core'

/** Something in the log is not what was written there. Whoever meets it has changed nothing. */
export class LogCorruptError extends CoppiceError {
  readonly code = 'log-corrupt'
  constructor(
    /** The segment's file. */
    readonly path: string,
    /** Bytes from the start of the segment. */
    readonly offset: number,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`the log is damaged: ${path} at byte ${offset}: expected ${expected}, found ${found}`, {
      hint: 'nothing was changed; `coppice verify` lists all that is damaged, `coppice repair` puts right what it can prove',
    })
  }
}

/** A newer version of Coppice wrote this log, in a form that this version cannot read. */
export class LogVersionError extends CoppiceError {
  readonly code = 'log-version'
  constructor(
    readonly path: string,
    readonly offset: number,
    readonly version: number,
    readonly supported: number,
  ) {
    super(`${path} at byte ${offset} has format version ${version}; this Coppice reads up to ${supported}`, {
      hint: 'a newer version wrote it: upgrade Coppice',
    })
  }
}

/** The append is not in the log: what was written of it is no whole append. A later one may succeed. */
export class LogWriteError extends CoppiceError {
  readonly code = 'log-write-failed'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`the log in ${path} could not be written: ${reasonOf(cause)}`, {
      hint: 'see that the disk has room and that the directory may be written, then try again',
      cause,
    })
  }
}

/** The disk refused to make the append durable, and it is not in the log. Later appends go into a new segment. */
export class LogSyncError extends CoppiceError {
  readonly code = 'log-sync-failed'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`an append to ${path} is not in the log, for the disk failed to sync it: ${reasonOf(cause)}`, {
      hint: 'check the disk; what was acknowledged before is in the log, and the append may be tried again',
      cause,
    })
  }
}

/**
 * The disk failed in a way that leaves open what it holds. This process writes no more; what it then does from a new
 * opening starts from what the disk has.
 */
export class LogReadOnlyError extends CoppiceError {
  readonly code = 'log-read-only'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`the log in ${path} is read-only since the disk failed: ${reasonOf(cause)}`, {
      hint: 'check the disk, then open the repository again; what was acknowledged is in the log',
      cause,
    })
  }
}

export class LogReadError extends CoppiceError {
  readonly code = 'log-read-failed'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`${path} could not be read: ${reasonOf(cause)}`, {
      hint: 'see that the file may be read and that the disk is healthy',
      cause,
    })
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
