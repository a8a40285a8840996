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

/** What stands in front of a line that follows the one with this hash. */
export function linkAfter(previous: string): string {
  return previous + LINE_END
}
