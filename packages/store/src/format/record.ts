import type { RecordedFact } from '@coppice/core'
import type { FactJson } from './fact-json.js'
import { isCount, parseObject } from './json.js'
import { FORMAT_VERSION } from './limits.js'
import { seal, verifiedHash, type SealedLine } from './line.js'

/** Where a record stands in the log, its stream and its append. */
export interface Place {
  readonly sequence: number
  readonly version: number
  /** Records of the same append that are still to come. */
  readonly more: number
}

export type DecodedRecord =
  | { readonly kind: 'record'; readonly fact: RecordedFact; readonly more: number }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged'; readonly expected: string; readonly found: string }

export function encodeRecord(previous: string, place: Place, json: FactJson): SealedLine {
  const { sequence, version, more } = place
  return seal(
    previous,
    `{"v":${FORMAT_VERSION},"seq":${sequence},"version":${version},"more":${more},${json.text}`,
  )
}

/**
 * Reads one line, given as for `verifiedHash`.
 *
 * @param more what the record before it in the same append leaves to come, or null for the first of an append
 */
export function decodeRecord(
  buffer: Buffer,
  [start, end]: readonly [number, number],
  sequence: number,
  more: number | null,
): DecodedRecord {
  const hash = verifiedHash(buffer, start, end)
  if (hash === null) return damaged(`record ${sequence}, chained by its hash`, 'something else')
  const record = parseObject(buffer.toString('utf8', start, end))
  if (record === null) return damaged('a JSON object', 'something else')
  const { v, seq, stream, version, type, at, data } = record
  if (!isCount(v, 1)) return damaged('a schema version', JSON.stringify(v))
  if (v > FORMAT_VERSION) return { kind: 'newer', version: v }
  if (seq !== sequence) return damaged(`sequence ${sequence}`, `sequence ${JSON.stringify(seq)}`)
  if (!isCount(record['more'], 0) || (more !== null && record['more'] !== more - 1)) {
    return damaged(`a whole append`, `"more": ${JSON.stringify(record['more'])}`)
  }
  if (!isCount(version, 1) || [stream, type, at].some((text) => typeof text !== 'string')) {
    return damaged('stream, version, type and time', 'a record without them')
  }
  if (data === undefined) return damaged('data', 'a record without them')
  const fact = { type, at, data, sequence, stream, version, hash } as RecordedFact
  return { kind: 'record', fact, more: record['more'] }
}

/** Whether a line reads as a record, be its hash right or wrong. */
export function looksLikeRecord(line: string): boolean {
  return Object.hasOwn(parseObject(line) ?? {}, 'hash')
}

function damaged(expected: string, found: string): DecodedRecord {
  return { kind: 'damaged', expected, found }
}
