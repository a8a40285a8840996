import type { Header } from '../format/header.js'
import { FORMAT_VERSION, MAX_HEADER_BYTES } from '../format/limits.js'
import { isGoodLine } from '../format/good-lines.js'
import { HASH_DIGITS, LINE_END, linkAfter, LINK_BYTES, NEWLINE } from '../format/line.js'
import { SealedLines } from '../format/sealed-lines.js'

/**
 * The header's line that a segment must have begun with, or null if nothing in the segment proves it. Everything in a
 * header follows from the segment before; which version wrote it shows in what is left of the segment.
 *
 * @param bytes the segment's first, at least to the end of its first record
 * @param next the hash to which what follows the segment is chained, where there is nothing but the header in it
 */
export function deriveHeader(header: Header, bytes: Buffer, next: string | null): Buffer | null {
  for (let version = FORMAT_VERSION; version > 0; version--) {
    const { line, hash } = encode(header, version)
    if (isProven(line, hash, bytes, next)) return line
  }
  return null
}

function encode({ segment, first, previous }: Header, version: number): { line: Buffer; hash: string } {
  const lines = new SealedLines(previous, MAX_HEADER_BYTES)
  const hash = lines.add(
    `{"v":${version},"log":"coppice","segment":${segment},"first":${first},"prev":"${previous}"`,
  )
  return { line: Buffer.from(lines.finish()), hash }
}

/** The hash is still there, or but for one digit, or what follows is chained to it. */
function isProven(line: Buffer, hash: string, bytes: Buffer, next: string | null): boolean {
  const digitsEnd = line.length - LINE_END.length
  const digitsStart = digitsEnd - HASH_DIGITS
  const digits = bytes.toString('latin1', digitsStart, digitsEnd)
  if (Array.from(hash).filter((digit, index) => digit !== digits[index]).length <= 1) return true
  const rest = bytes.subarray(line.length)
  if (rest.every((byte) => byte === NEWLINE)) return next === hash
  const end = rest.indexOf(NEWLINE) + 1
  return isGoodLine(
    Buffer.concat([Buffer.from(linkAfter(hash), 'latin1'), rest]),
    LINK_BYTES,
    LINK_BYTES + end,
  )
}
