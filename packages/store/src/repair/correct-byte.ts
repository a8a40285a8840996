import { hash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { HASH_FIELD, LINE_END, linkAfter, NEWLINE, TAIL_BYTES } from '../format/line.js'

/** Bytes of a line in which any other byte is tried in every place; what it takes rises with the square of this. */
export const MAX_BYTE_SEARCH = 8_192

/** Bytes of a line in which at least every other bit is tried. */
export const MAX_BIT_SEARCH = 65_536

/** Hashes between two turns of the event loop. */
const HASHES_PER_TURN = 4_096

const CLOSING_BRACE = 0x7d
const TAIL = /^,"hash":"([0-9a-f]{64})"}$/

/** One byte that is not what was written. */
export interface Correction {
  /** From the beginning of the line on. */
  readonly at: number
  readonly from: number
  readonly to: number
}

export type Search = Correction | 'none' | 'too-long'

/**
 * Finds the byte that keeps a line from being the one that was written. Its hash proves it: no second correction
 * makes a line with the same one.
 *
 * @param bytes from the first line that is broken on, at least to the end of the next line
 * @param after the hash of the line before
 */
export async function correctByte(bytes: Buffer, after: string): Promise<Search> {
  const link = Buffer.from(linkAfter(after), 'latin1')
  const end = bytes.indexOf(NEWLINE)
  const length = end === -1 ? bytes.length : end
  return (
    lostNewline(bytes, length, link) ??
    (end === -1 ? null : (strayNewline(bytes, end, link) ?? inTail(bytes.subarray(0, end + 1), link))) ??
    inBody(bytes.subarray(0, length), link)
  )
}

/** A line's newline is another byte now, so that the next line seems to belong to it. */
function lostNewline(bytes: Buffer, length: number, link: Buffer): Correction | null {
  for (let at = TAIL_BYTES - 1; at < length; at++) {
    if (isSealed(bytes.subarray(0, at), link)) return { at, from: bytes[at] ?? 0, to: NEWLINE }
  }
  return null
}

/** A byte of the line is a newline now, so that the rest seems to be a line of its own. */
function strayNewline(bytes: Buffer, at: number, link: Buffer): Correction | null {
  const end = bytes.indexOf(NEWLINE, at + 1)
  if (end === -1) return null
  const line = Buffer.from(bytes.subarray(0, end))
  const tail = inTail(bytes.subarray(0, end + 1), link)
  if (tail !== null) return tail.at === at ? tail : null
  if (digitsOf(line) === null) return null
  for (let to = 0; to < 256; to++) {
    line[at] = to
    if (isSealed(line, link)) return { at, from: NEWLINE, to }
  }
  return null
}

/** The byte is in the line's hash, or around it: what the end of the line has to be follows from its body. */
function inTail(line: Buffer, link: Buffer): Correction | null {
  const bodyEnd = line.length - TAIL_BYTES
  if (bodyEnd < 0) return null
  const tail = Buffer.from(HASH_FIELD + digestOf(link, line.subarray(0, bodyEnd)) + LINE_END, 'latin1')
  const others = [...tail.keys()].filter((index) => tail[index] !== line[bodyEnd + index])
  const [index] = others
  if (index === undefined || others.length > 1) return null
  return { at: bodyEnd + index, from: line[bodyEnd + index] ?? 0, to: tail[index] ?? 0 }
}

/** The byte is in what the hash covers. One other bit is tried first in every place, as that is likelier. */
async function inBody(line: Buffer, link: Buffer): Promise<Search> {
  if (digitsOf(line) === null) return 'none'
  if (line.length > MAX_BIT_SEARCH) return 'too-long'
  const bits = [1, 2, 4, 8, 16, 32, 64, 128]
  const found = await tryEach(line, link, bits)
  if (found !== null) return found
  if (line.length > MAX_BYTE_SEARCH) return 'too-long'
  const others = Array.from({ length: 255 }, (_, index) => index + 1).filter((flip) => !bits.includes(flip))
  return (await tryEach(line, link, others)) ?? 'none'
}

async function tryEach(original: Buffer, link: Buffer, flips: readonly number[]): Promise<Correction | null> {
  const line = Buffer.concat([link, original])
  const bodyEnd = line.length - TAIL_BYTES + 1
  const body = line.subarray(0, bodyEnd)
  const digits = digitsOf(original)
  let hashes = 0
  for (let index = link.length; index < bodyEnd; index++) {
    const from = line[index] ?? 0
    for (const flip of flips) {
      line[index] = from ^ flip
      if (hash('sha256', body) === digits) return { at: index - link.length, from, to: from ^ flip }
      if (++hashes % HASHES_PER_TURN === 0) await turn()
    }
    line[index] = from
  }
  return null
}

/** Whether a line, given without its newline, is as it was written. */
function isSealed(line: Buffer, link: Buffer): boolean {
  const digits = digitsOf(line)
  return digits !== null && digits === digestOf(link, line.subarray(0, line.length - TAIL_BYTES + 1))
}

/** The hash at the end of a line that is given without its newline; null if there is none. */
function digitsOf(line: Buffer): string | null {
  if (line.at(-1) !== CLOSING_BRACE) return null
  return TAIL.exec(line.toString('latin1', Math.max(line.length - TAIL_BYTES + 1, 0)))?.[1] ?? null
}

function digestOf(link: Buffer, body: Buffer): string {
  return hash('sha256', Buffer.concat([link, body]))
}
