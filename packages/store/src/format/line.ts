import { hash } from 'node:crypto'

/** Lowercase hexadecimal digits of a SHA-256. */
export const HASH_DIGITS = 64

/** Stands for the hash of the line before the first. */
export const GENESIS_HASH = '0'.repeat(HASH_DIGITS)

/** Ends every line, and fills the room that a writer has reserved behind the last one. */
export const NEWLINE = 0x0a

export const HASH_FIELD = ',"hash":"'
export const LINE_END = '"}\n'

/** Bytes in front of a line that its hash covers: the digits of the hash before, and the end of that line. */
export const LINK_BYTES = HASH_DIGITS + LINE_END.length

export const TAIL_BYTES = HASH_FIELD.length + LINK_BYTES

/** Bytes that UTF-8 takes for one code unit of a string, at most. */
export const MAX_UNIT_BYTES = 3

export interface Line {
  readonly hash: string
  /** The whole line, its newline included. */
  readonly text: string
}

/** What stands in front of a line that follows the one with this hash. */
export function linkAfter(previous: string): string {
  return previous + LINE_END
}

/**
 * The line between `start` and `end`, its newline included, or null if it is not one that `seal` made after the line
 * in front of it. The link in front of it has to be in the buffer too.
 */
export function unseal(buffer: Buffer, start: number, end: number): Line | null {
  if (end - start < TAIL_BYTES) return null
  // Bytes that are no UTF-8 become other characters here, which the hash then notices.
  const linked = buffer.toString('utf8', start - LINK_BYTES, end)
  const bodyEnd = linked.length - TAIL_BYTES
  const digest = hash('sha256', linked.slice(0, bodyEnd))
  const isSealed =
    linked.startsWith(digest, bodyEnd + HASH_FIELD.length) &&
    linked.startsWith(HASH_FIELD, bodyEnd) &&
    linked.endsWith(LINE_END)
  return isSealed ? { hash: digest, text: linked.slice(LINK_BYTES) } : null
}
