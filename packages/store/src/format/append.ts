import type { RecordedFact } from '@coppice/core'
import type { FactJson } from './fact-json.js'
import { encodeRecord } from './record.js'
import type { SealedLines } from './sealed-lines.js'

/** What an append comes after. */
export interface Preceding {
  /** Of the log's last record. */
  readonly sequence: number
  /** Of the stream's last record. */
  readonly version: number
  /** The sequence up to which the log is durable. */
  readonly synced: number
}

/** Adds the records of one append to the lines, and answers with its facts as a reader of the log gets them. */
export function encodeAppend(
  lines: SealedLines,
  stream: string,
  json: readonly FactJson[],
  after: Preceding,
): readonly RecordedFact[] {
  const { synced } = after
  let { sequence, version } = after
  let more = json.length
  const facts: RecordedFact[] = []
  for (const fact of json) {
    sequence += 1
    version += 1
    more -= 1
    const hash = encodeRecord(lines, { sequence, version, more, synced }, fact)
    const { type, at, copy: data } = fact
    facts.push({ type, at, data, sequence, stream, version, hash } as RecordedFact)
  }
  return facts
}
