import type { FileHandle } from 'node:fs/promises'
import { LogCorruptError, LogVersionError } from '../errors/log-errors.js'
import { decodeHeader } from '../format/header.js'
import { FORMAT_VERSION, MAX_HEADER_BYTES } from '../format/limits.js'
import type { Cursor } from './cursor.js'

/**
 * Reads a segment's header and answers with the place behind it.
 *
 * @param before the end of the segment before, if it is known; the header has to continue it
 */
export async function readHeader(
  handle: FileHandle,
  path: string,
  segment: number,
  before: Cursor | null,
): Promise<Cursor> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0)
  const length = buffer.subarray(0, bytesRead).indexOf('\n') + 1
  const decoded = decodeHeader(buffer.subarray(0, length))
  if (decoded.kind === 'newer') throw new LogVersionError(path, 0, decoded.version, FORMAT_VERSION)
  if (decoded.kind === 'damaged') throw new LogCorruptError(path, 0, 'a segment header', 'something else')
  const { header, hash } = decoded
  if (header.segment !== segment) {
    throw new LogCorruptError(path, 0, `the header of segment ${segment}`, `that of ${header.segment}`)
  }
  if (before !== null && (header.previous !== before.hash || header.first !== before.sequence + 1)) {
    throw new LogCorruptError(path, 0, `a header that continues at ${before.sequence + 1}`, 'another one')
  }
  return { segment, offset: length, sequence: header.first - 1, hash }
}
