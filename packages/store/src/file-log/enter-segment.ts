import type { DiskFile } from '../disk/disk.js'
import { readHeader, type Entry } from './headers.js'
import type { Known } from './known.js'
import { readFrom } from './read-from.js'
import type { Segments } from './segments.js'

/** Reads the header of a segment. Nothing gets the name of one before its header, and all in front of it, are durable. */
export async function enterSegment(segments: Segments, known: Known, segment: number): Promise<Entry> {
  const path = segments.path(segment)
  const entry = await readFrom(path, async () => {
    const file: DiskFile = segments.disk.open(path, 'read')
    try {
      return readHeader(file, path, segment)
    } finally {
      file.close()
    }
  })
  known.durable.markProven(entry.start)
  return entry
}

/** The offset in a segment from which on nothing is known to be durable for sure. */
export async function unprovenFrom(segments: Segments, known: Known, segment: number): Promise<number> {
  return known.durable.provenIn(segment) ?? (await enterSegment(segments, known, segment)).start.offset
}
