import { LogCorruptError } from '../errors/log-errors.js'
import { encodeHeader } from '../format/header.js'
import type { Cursor } from './cursor.js'
import type { Segments } from './segments.js'
import { writeFile } from './write-file.js'

/**
 * Makes the segment that follows a place and answers with the place behind its header. The file gets its
 * name once its header is durable, so that a segment without a whole header does not come about. The name
 * itself is made durable when the file is opened for appending. Called under the append lock.
 *
 * @throws {LogCorruptError} when there is such a segment, which is never replaced
 */
export async function createSegment(segments: Segments, after: Cursor): Promise<Cursor> {
  const segment = after.segment + 1
  const { hash, bytes } = encodeHeader({ segment, first: after.sequence + 1, previous: after.hash })
  const path = segments.path(segment)
  if (segments.exists(segment)) throw new LogCorruptError(path, 0, 'no segment', 'one')
  segments.disk.makeDirectory(segments.directory)
  await writeFile(segments.disk, `${path}.tmp`, 'create', bytes)
  segments.disk.rename(`${path}.tmp`, path)
  return { segment, offset: bytes.length, sequence: after.sequence, hash }
}
