import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs'
import { looksLikeRecord } from '../format/record.js'
import { syncDirectory } from './directories.js'
import type { Segments } from './segments.js'

const NEWLINE = 0x0a

/**
 * Whether what follows a log's last whole append can be what an interrupted write left there. It cannot, as soon as
 * any whole line of it reads as a record: that one may have been acknowledged, and is not ours to cut off.
 *
 * @param rest the bytes from the first line on that is not a good record
 */
export function isTorn(rest: Buffer): boolean {
  let start = 0
  for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, start)) {
    if (looksLikeRecord(rest.toString('utf8', start, end))) return false
    start = end + 1
  }
  return true
}

/** Keeps bytes that are about to be cut off a segment in a file of their own, durably. */
export function keepAside(segments: Segments, segment: number, offset: number, bytes: Buffer): void {
  for (let attempt = 0; ; attempt++) {
    const path = segments.tornPath(segment, offset, attempt)
    try {
      const fd = openSync(path, 'wx')
      try {
        writeFileSync(fd, bytes)
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
      syncDirectory(segments.directory)
      return
    } catch (error) {
      // An earlier tail was cut off at the same place: both are kept.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
