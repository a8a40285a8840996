/** One entry of an index: a path at a stage, with what git knew of the file. */
export interface IndexEntry {
  /** Where it begins in the file. */
  readonly offset: number
  readonly path: Buffer
  readonly oid: string
  readonly mode: number
  /** 0, or 1 to 3 for the three sides of an unresolved conflict. */
  readonly stage: number
  /** When the file, its name or its mode had last been changed, in seconds and nanoseconds: nobody can put that time back. */
  readonly changedSeconds: number
  readonly changedNanoseconds: number
  /** When the file had last been modified, in seconds and nanoseconds. */
  readonly seconds: number
  readonly nanoseconds: number
  /** Bytes of the file when it was last looked at; 0 says that it never was. */
  readonly size: number
  readonly assumeUnchanged: boolean
  readonly skipWorktree: boolean
  readonly intentToAdd: boolean
}

export const HEADER_LENGTH = 12

const VERSION_AT = 4

/** Bytes of an entry before the object id: ten numbers of four bytes, of which the seventh is the mode and the last the size. */
export const STAT_LENGTH = 40
const CTIME_AT = 0
const MTIME_AT = 8
export const MODE_AT = 24
const SIZE_AT = 36

/** Bits of the two bytes after the object id, and of the two after those that follow where EXTENDED says so. */
export const ASSUME_UNCHANGED = 0x8000
export const EXTENDED = 0x4000
export const SKIP_WORKTREE = 0x4000
export const INTENT_TO_ADD = 0x2000

/** A directory that stands for all that is in it, in the index of a sparse checkout. */
const DIRECTORY_MODE = 0o040000

/**
 * Reads an index file of version 2, 3 or 4 (git's own documentation: gitformat-index), or answers null where only
 * git can: one whose entries are in another file (a split index) or stand for whole directories (a sparse index).
 *
 * @throws {RangeError} for a file that is none or ends too early
 */
export function parseIndex(file: Buffer, oidLength: number): readonly IndexEntry[] | null {
  const { offsets, end } = offsetsIn(file, oidLength)
  const isWhole = file.readUInt32BE(VERSION_AT) < 4
  const entries: IndexEntry[] = []
  let previous: Buffer = Buffer.alloc(0)
  for (const offset of offsets) {
    if (file.readUInt32BE(offset + MODE_AT) === DIRECTORY_MODE) return null
    const flagsAt = offset + STAT_LENGTH + oidLength
    if (!isWhole) previous = pathOf(file, nameIn(file, flagsAt), previous)
    entries.push(new ReadEntry(file, offset, flagsAt, isWhole ? null : previous))
  }
  return file.toString('latin1', end, end + 4) === 'link' ? null : entries
}

/** There may be tens of thousands: what takes longest, and is seldom asked for, is only made when it is asked for. */
class ReadEntry implements IndexEntry {
  readonly mode: number
  readonly stage: number
  readonly changedSeconds: number
  readonly changedNanoseconds: number
  readonly seconds: number
  readonly nanoseconds: number
  readonly size: number
  readonly assumeUnchanged: boolean
  readonly skipWorktree: boolean
  readonly intentToAdd: boolean
  readonly #file: Buffer
  readonly #flagsAt: number
  readonly #path: Buffer | null

  /** @param path null where the name is written in full */
  constructor(
    file: Buffer,
    readonly offset: number,
    flagsAt: number,
    path: Buffer | null,
  ) {
    const flags = file.readUInt16BE(flagsAt)
    const extended = (flags & EXTENDED) === 0 ? 0 : file.readUInt16BE(flagsAt + 2)
    this.mode = file.readUInt32BE(offset + MODE_AT)
    this.stage = (flags >> 12) & 3
    this.changedSeconds = file.readUInt32BE(offset + CTIME_AT)
    this.changedNanoseconds = file.readUInt32BE(offset + CTIME_AT + 4)
    this.seconds = file.readUInt32BE(offset + MTIME_AT)
    this.nanoseconds = file.readUInt32BE(offset + MTIME_AT + 4)
    this.size = file.readUInt32BE(offset + SIZE_AT)
    this.assumeUnchanged = (flags & ASSUME_UNCHANGED) !== 0
    this.skipWorktree = (extended & SKIP_WORKTREE) !== 0
    this.intentToAdd = (extended & INTENT_TO_ADD) !== 0
    this.#file = file
    this.#flagsAt = flagsAt
    this.#path = path
  }

  get path(): Buffer {
    if (this.#path !== null) return this.#path
    const { start, end } = nameIn(this.#file, this.#flagsAt)
    return this.#file.subarray(start, end)
  }

  get oid(): string {
    return this.#file.toString('hex', this.offset + STAT_LENGTH, this.#flagsAt)
  }
}

/**
 * Where the entries of an index begin, and where they end, which costs a small part of reading them.
 *
 * @throws {RangeError} for a file that is none or ends too early
 */
export function offsetsIn(
  file: Buffer,
  oidLength: number,
): { readonly offsets: readonly number[]; readonly end: number } {
  const version = file.readUInt32BE(VERSION_AT)
  if (file.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) throw new RangeError('no index')
  const offsets: number[] = []
  let at = HEADER_LENGTH
  for (let left = file.readUInt32BE(8); left > 0; left--) {
    offsets.push(at)
    const { end } = nameIn(file, at + STAT_LENGTH + oidLength)
    // From version 4 on names follow each other; before, each entry is filled up to a multiple of eight bytes.
    at = version === 4 ? end + 1 : at + paddedLength(end - at)
  }
  return { offsets, end: at }
}

interface Name {
  /** Bytes of the name before that are dropped for this one: all, before version 4. */
  readonly dropped: number
  /** Where what is written of it begins. */
  readonly start: number
  readonly end: number
}

function nameIn(file: Buffer, flagsAt: number): Name {
  const isExtended = (file.readUInt16BE(flagsAt) & EXTENDED) !== 0
  let start = flagsAt + (isExtended ? 4 : 2)
  if (file.readUInt32BE(VERSION_AT) < 4) return { dropped: Infinity, start, end: nulAfter(file, start) }
  let byte = file.readUInt8(start++)
  let dropped = byte & 0x7f
  while ((byte & 0x80) !== 0) {
    byte = file.readUInt8(start++)
    dropped = (dropped + 1) * 0x80 + (byte & 0x7f)
  }
  return { dropped, start, end: nulAfter(file, start) }
}

function pathOf(file: Buffer, { dropped, start, end }: Name, previous: Buffer): Buffer {
  const written = file.subarray(start, end)
  const kept = previous.length - dropped
  return kept <= 0 ? written : Buffer.concat([previous.subarray(0, kept), written])
}

function nulAfter(file: Buffer, start: number): number {
  const end = file.indexOf(0, start)
  if (end === -1) throw new RangeError('the index ends within a name')
  return end
}

export function paddedLength(length: number): number {
  return (length + 8) & ~7
}

/** Whether an index may have a path with some text in it, for the price of a search. */
export function mayHave(file: Buffer, text: string): boolean {
  // From version 4 on, of a name only what the one before has not is written.
  return file.readUInt32BE(VERSION_AT) > 3 || file.includes(text)
}

/**
 * When the file of an entry had last been modified, in seconds, and when it, its name or its mode had last been changed: nobody
 * can put that time back.
 */
export function secondsOf(
  file: Buffer,
  offset: number,
): { readonly modified: number; readonly changed: number } {
  return { modified: file.readUInt32BE(offset + MTIME_AT), changed: file.readUInt32BE(offset + CTIME_AT) }
}
