import type { RecordedFact } from '@coppice/core'
import type { FactJson } from './fact-json.js'
import { isCount, parseObject } from './json.js'
import { FORMAT_VERSION } from './limits.js'
import type { SealedLines } from './sealed-lines.js'
import { upcast } from './upcast.js'

/** Where a record stands in the log, its stream and its append. */
export interface Place {
  readonly sequence: number
  readonly version: number
  /** Records of the same append that are still to come. */
  readonly more: number
  /** The sequence up to which the log was durable before this record was written. */
  readonly synced: number
}

export type DecodedRecord =
  | { readonly kind: 'record'; readonly fact: RecordedFact; readonly more: number; readonly synced: number }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged'; readonly expected: string; readonly found: string }

/** Adds a record to the lines and answers with its hash. What most records would say is left out. */
export function encodeRecord(lines: SealedLines, place: Place, json: FactJson): string {
  const { sequence, version, more, synced } = place
  const rest = more === 0 ? '' : `"more":${more},`
  const before = synced === sequence - 1 ? '' : `"synced":${synced},`
  return lines.add(
    `{"v":${FORMAT_VERSION},"seq":${sequence},"version":${version},${rest}${before}${json.head}`,
    json.data,
  )
}

/**
 * Reads a line whose hash was found to be right.
 *
 * @param previous what the record before it in the same append leaves to come, or null for the first of an append
 */
export function decodeRecord(line: string, sequence: number, previous: number | null): DecodedRecord {
  const parsed = parseObject(line)
  if (parsed === null) return damaged('a JSON object', 'something else')
  const { v } = parsed
  if (!isCount(v, 1)) return damaged('a schema version', JSON.stringify(v))
  if (v > FORMAT_VERSION) return { kind: 'newer', version: v }
  const record = v === FORMAT_VERSION ? parsed : upcast(parsed, v)
  const { seq, stream, version, type, at, data, hash, more = 0, synced = sequence - 1 } = record
  if (seq !== sequence) return damaged(`sequence ${sequence}`, `sequence ${JSON.stringify(seq)}`)
  if (!isCount(more, 0) || (previous !== null && more !== previous - 1)) {
    return damaged(`a whole append`, `"more": ${JSON.stringify(more)}`)
  }
  if (
    !isCount(version, 1) ||
    typeof stream !== 'string' ||
    typeof type !== 'string' ||
    typeof at !== 'string'
  ) {
    return damaged('stream, version, type and time', 'a record without them')
  }
  if (data === undefined) return damaged('data', 'a record without them')
  if (!isCount(synced, 0) || synced >= sequence) {
    return damaged('what was synced before', `"synced": ${JSON.stringify(synced)}`)
  }
  const fact = { type, at, data, sequence, stream, version, hash } as RecordedFact
  return { kind: 'record', fact, more, synced }
}

function damaged(expected: string, found: string): DecodedRecord {
  return { kind: 'damaged', expected, found }
}
