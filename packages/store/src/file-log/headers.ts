import type { DiskFile } from '../disk/disk.js'
import { LogCorruptError, LogVersionError } from '../errors/log-errors.js'
import { FORMAT_VERSION } from '../format/limits.js'
import { readEntry } from './segment-entry.js'
import type { Cursor } from './cursor.js'

/** The way into a segment. */
export interface Entry {
  /** The place behind the header. */
  readonly start: Cursor
  /** The hash of the last line of the segment before. */
  readonly previous: string
}

/** Reads a segment's header. */
export function readHeader(file: DiskFile, path: string, segment: number): Entry {
  const decoded = readEntry(file)
  if (decoded.kind === 'newer') throw new LogVersionError(path, 0, decoded.version, FORMAT_VERSION)
  if (decoded.kind === 'damaged') throw new LogCorruptError(path, 0, 'a segment header', 'something else')
  const { header, hash, length } = decoded
  if (header.segment !== segment) {
    throw new LogCorruptError(path, 0, `the header of segment ${segment}`, `that of ${header.segment}`)
  }
  const start = { segment, offset: length, sequence: header.first - 1, hash }
  return { start, previous: header.previous }
}
