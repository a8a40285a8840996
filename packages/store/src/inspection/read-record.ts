import type { RecordedFact } from '@coppice/core'
import { isCount, parseObject } from '../format/json.js'
import { isGoodLine } from '../format/good-lines.js'
import { HASH_DIGITS, LINE_END, LINK_BYTES } from '../format/line.js'
import { decodeRecord, type DecodedRecord } from '../format/record.js'
import type { RawLine } from './raw-lines.js'

/** A record that is good by itself. */
export interface GoodRecord {
  readonly fact: RecordedFact
  /** Records of the same append that come behind it. */
  readonly more: number
}

/** Reads the record that has to follow the one before. */
export function readNext(line: RawLine, sequence: number, more: number | null): DecodedRecord {
  const text = textOf(line)
  if (text === null) return { kind: 'damaged', expected: `record ${sequence}`, found: describe(line) }
  return decodeRecord(text, sequence, more)
}

/**
 * Reads a record of which only is known between which sequences it is. Its hash covers the digits that stand in front of
 * it, so that it shows by itself whether both are as they were written.
 */
export function readAlone(line: RawLine, least: number, most: number): GoodRecord | null {
  const text = textOf(line)
  const sequence = text === null ? null : parseObject(text)?.['seq']
  if (text === null || !isCount(sequence, least) || sequence > most) return null
  const decoded = decodeRecord(text, sequence, null)
  return decoded.kind === 'record' ? decoded : null
}

/** A line whose hash is right. */
function textOf({ isWhole, buffer, start, end }: RawLine): string | null {
  return isWhole && isGoodLine(buffer, start, end) ? buffer.toString('utf8', start, end) : null
}

/** The hash that the bytes in front of a place hold, if they are the end of a line. */
export function hashBefore(buffer: Buffer, at: number): string | null {
  const link = buffer.toString('latin1', Math.max(at - LINK_BYTES, 0), at)
  const digits = link.slice(0, HASH_DIGITS)
  return link === digits + LINE_END && /^[0-9a-f]{64}$/.test(digits) ? digits : null
}

/** What a line that is no record looks like. */
function describe({ buffer, start, end, isWhole }: RawLine): string {
  const bytes = buffer.subarray(start, end)
  if (bytes.length === 1) return 'an empty line'
  if (bytes.every((byte) => byte === 0 || byte === bytes.at(-1))) return 'zeros'
  if (!isWhole) return 'a line that is too long, or has no end'
  return parseObject(bytes.toString('utf8')) === null ? 'bytes that are no JSON object' : 'other bytes'
}
