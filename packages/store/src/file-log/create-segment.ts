import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { encodeHeader } from '../format/header.js'
import type { Cursor } from './cursor.js'
import type { Segments } from './segments.js'

/**
 * Makes the segment that follows a place and answers with the place behind its header. The file gets its
 * name once its header is durable, so that a segment without a whole header does not come about. The name
 * itself is made durable when the file is opened for appending.
 */
export function createSegment(segments: Segments, after: Cursor): Cursor {
  const segment = after.segment + 1
  const first = after.sequence + 1
  const { hash, text } = encodeHeader({ segment, first, previous: after.hash })
  const path = segments.path(segment)
  mkdirSync(segments.directory, { recursive: true })
  const fd = openSync(`${path}.tmp`, 'w')
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(`${path}.tmp`, path)
  return { segment, offset: Buffer.byteLength(text), sequence: after.sequence, hash }
}
