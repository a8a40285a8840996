import { isCount, parseObject } from '../format/json.js'
import { NEWLINE } from '../format/line.js'
import type { Segments } from './segments.js'
import { writeFile } from './write-file.js'

/**
 * What stands behind a log's last whole append: room that is reserved and empty, what an interrupted write left, or
 * something that may have been acknowledged and is now damaged.
 */
export type Tail = 'room' | 'torn' | 'damaged'

/**
 * Tells what a tail is. A write is only begun once all before it is durable. So an intact record that says that more
 * was durable than what can be read here was written later, and what is broken in front of it is damage.
 * A first line that has the form of a record is damage too: an interrupted write leaves old bytes in a line, which
 * are newlines or zeros, and neither can stand inside of one.
 *
 * @param rest the bytes from the first line on that is not a good record
 * @param readable the sequence of the last record of the last whole append
 */
export function tailOf(rest: Buffer, readable: number): Tail {
  let isFirst = true
  let isRoom = true
  for (let start = 0; start < rest.length;) {
    if (rest[start] === NEWLINE) {
      start += 1
      isFirst = false
      continue
    }
    isRoom = false
    const end = rest.indexOf(NEWLINE, start)
    if (end === -1) break
    const line = parseObject(rest.toString('utf8', start, end))
    if (line !== null && Object.hasOwn(line, 'hash') && (isFirst || followsMore(line, readable)))
      return 'damaged'
    isFirst = false
    start = end + 1
  }
  return isRoom ? 'room' : 'torn'
}

/** Records of version 1 do not say what was durable before them, so that any may have been acknowledged. */
function followsMore({ v, seq, synced }: Readonly<Record<string, unknown>>, readable: number): boolean {
  const before = synced === undefined && isCount(seq, 1) ? seq - 1 : synced
  return v === 1 || !isCount(before, 0) || before > readable
}

/** The lines of a tail up to the room behind them. */
export function withoutRoom(rest: Buffer): Buffer {
  return rest.subarray(0, rest.findLastIndex((byte) => byte !== NEWLINE) + 2)
}

/** Keeps bytes that are about to be cut off a segment in a file of their own, durably, and answers with its path. */
export async function keepAside(
  segments: Segments,
  segment: number,
  offset: number,
  bytes: Buffer,
): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const path = segments.tornPath(segment, offset, attempt)
    // An earlier tail was cut off at the same place: both are kept.
    if (segments.disk.exists(path)) continue
    // On a full disk the same tail is kept aside again and again until it fits.
    await writeFile(segments.disk, `${path}.tmp`, 'create', bytes)
    segments.disk.rename(`${path}.tmp`, path)
    await segments.disk.syncDirectory(segments.directory)
    return path
  }
}
