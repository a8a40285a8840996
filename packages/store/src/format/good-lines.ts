import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { HASH_FIELD, LINE_END, LINK_BYTES, NEWLINE, TAIL_BYTES } from './line.js'

const FIELD = Buffer.from(HASH_FIELD)
const CLOSING = Buffer.from(LINE_END)

/**
 * How many bytes of a buffer are good lines: each whole, in UTF-8, and closed with the hash that chains it to the one
 * before.
 *
 * @param buffer the link in front of the first line, and the lines; the link counts as good
 */
export function goodLines(buffer: Buffer): number {
  // Looked at all at once, because bytes that are no text are rare; the end may cut a character in two.
  const isText = isUtf8(buffer)
  for (let start = LINK_BYTES; ;) {
    const end = buffer.indexOf(NEWLINE, start) + 1
    if (end === 0 || !isSealed(buffer, start, end)) return start
    if (!isText && !isUtf8(buffer.subarray(start, end))) return start
    start = end
  }
}

/** Whether one line is good; the link in front of it has to be in the buffer too. */
export function isGoodLine(buffer: Buffer, start: number, end: number): boolean {
  return isSealed(buffer, start, end) && isUtf8(buffer.subarray(start, end))
}

function isSealed(buffer: Buffer, start: number, end: number): boolean {
  const bodyEnd = end - TAIL_BYTES
  if (bodyEnd < start) return false
  const digestStart = bodyEnd + FIELD.length
  const digestEnd = end - CLOSING.length
  // Taken apart, because to put the expected tail together takes a third of the time of hashing.
  return (
    holds(buffer, bodyEnd, FIELD) &&
    holds(buffer, digestEnd, CLOSING) &&
    buffer.toString('latin1', digestStart, digestEnd) ===
      hash('sha256', buffer.subarray(start - LINK_BYTES, bodyEnd))
  )
}

function holds(buffer: Buffer, at: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) {
    if (buffer[at + index] !== bytes[index]) return false
  }
  return true
}
