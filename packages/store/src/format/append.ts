import type { Fact, RecordedFact } from '@coppice/core'
import type { FactJson } from './fact-json.js'
import { encodeRecord } from './record.js'

/** The last line that an append comes after. */
export interface ChainEnd {
  readonly sequence: number
  readonly hash: string
}

export interface EncodedAppend {
  readonly facts: readonly RecordedFact[]
  /** Their lines. */
  readonly text: string
  readonly end: ChainEnd
}

/** Gives the facts of one append their places behind the chain's end and the stream's version. */
export function encodeAppend(
  stream: string,
  json: readonly FactJson[],
  after: ChainEnd,
  version: number,
): EncodedAppend {
  let end = after
  let lines = ''
  const facts = json.map((fact, index) => {
    const place = {
      sequence: after.sequence + index + 1,
      version: version + index + 1,
      more: json.length - index - 1,
    }
    const { hash, text } = encodeRecord(end.hash, place, fact)
    end = { sequence: place.sequence, hash }
    lines += text
    // What is returned is what a reader of the log gets, whatever JSON makes of the data.
    const { type, at, data } = JSON.parse(text) as Fact
    return { type, at, data, ...end, stream, version: place.version } as RecordedFact
  })
  return { facts, text: lines, end }
}
