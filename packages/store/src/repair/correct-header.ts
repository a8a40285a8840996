import { decodeHeader } from '../format/header.js'
import { HASH_DIGITS, NEWLINE, TAIL_BYTES } from '../format/line.js'
import { correctByte, type Correction } from './correct-byte.js'

const PREVIOUS = ',"prev":"'

/**
 * Finds the one byte that was changed in a header. The hash before a header is repeated in it, so that its own hash
 * proves it even where the segment before says something else.
 *
 * @param bytes the segment's first, at least to the end of its second line
 */
export async function correctHeader(bytes: Buffer): Promise<Correction | null> {
  const line = bytes.subarray(0, bytes.indexOf(NEWLINE) + 1)
  // Where the repeated hash begins: behind the name of its field or, if that was changed, in front of the header's own.
  const starts = [bytes.indexOf(PREVIOUS) + PREVIOUS.length, line.length - TAIL_BYTES - 1 - HASH_DIGITS]
  for (const start of starts) {
    if (start < PREVIOUS.length) continue
    const previous = bytes.toString('latin1', start, start + HASH_DIGITS)
    const found = await correctByte(bytes, previous)
    if (typeof found === 'object') return found
    const digit = correctDigit(Buffer.from(line), start)
    if (digit !== null) return digit
  }
  return null
}

/** A digit of the repeated hash was changed, on which the header's own hash depends twice. */
function correctDigit(line: Buffer, start: number): Correction | null {
  for (let at = start; at < Math.min(start + HASH_DIGITS, line.length); at++) {
    const from = line[at] ?? 0
    for (const digit of '0123456789abcdef') {
      const to = digit.charCodeAt(0)
      line[at] = to
      if (to !== from && decodeHeader(line).kind === 'header') return { at, from, to }
    }
    line[at] = from
  }
  return null
}
