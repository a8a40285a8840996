import { hash } from 'node:crypto'

/** Lowercase hexadecimal digits of a SHA-256. */
export const HASH_DIGITS = 64

/** Stands for the hash of the line before the first. */
export const GENESIS_HASH = '0'.repeat(HASH_DIGITS)

const HASH_FIELD = ',"hash":"'
const LINE_END = '"}\n'

/** Bytes in front of a line that its hash covers: the digits of the hash before, and the end of that line. */
export const LINK_BYTES = HASH_DIGITS + LINE_END.length

const TAIL_BYTES = HASH_FIELD.length + LINK_BYTES

export interface SealedLine {
  readonly hash: string
  /** The whole line, its newline included. */
  readonly text: string
}

/** What stands in front of a line that follows the one with this hash. */
export function linkAfter(previous: string): string {
  return previous + LINE_END
}

/** Closes a JSON object, given without its closing brace, with the hash that chains it to the line before. */
export function seal(previous: string, body: string): SealedLine {
  const digest = hash('sha256', linkAfter(previous) + body)
  return { hash: digest, text: body + HASH_FIELD + linkAfter(digest) }
}

/**
 * The hash of a line, or null if the line is not one that `seal` made after the line in front of it.
 * `start` and `end` enclose the line with its newline; the link in front of it has to be in the buffer too.
 */
export function verifiedHash(buffer: Buffer, start: number, end: number): string | null {
  const bodyEnd = end - TAIL_BYTES
  if (bodyEnd < start) return null
  const tail = buffer.toString('latin1', bodyEnd, end)
  const digest = hash('sha256', buffer.subarray(start - LINK_BYTES, bodyEnd))
  return tail === HASH_FIELD + linkAfter(digest) ? digest : null
}
