import type { RecordedFact } from '@coppice/core'
import type { Cursor } from './cursor.js'

/** Some whole appends that follow one another in the log. */
export interface Stretch {
  readonly start: Cursor
  readonly facts: readonly RecordedFact[]
  /** Where each fact's line begins in its segment. */
  readonly offsets: readonly number[]
  readonly end: Cursor
}

/** The part of a stretch up to a sequence with which an append ends, or null if there is none, and the rest. */
export function splitAfter(stretch: Stretch, sequence: number): readonly [Stretch | null, Stretch] {
  const { start, facts, offsets, end } = stretch
  const count = facts.findIndex((fact) => fact.sequence > sequence)
  const [last, offset] = [facts[count - 1], offsets[count]]
  if (last === undefined || offset === undefined) return [null, stretch]
  const middle = { segment: end.segment, offset, sequence: last.sequence, hash: last.hash }
  return [
    { start, facts: facts.slice(0, count), offsets: offsets.slice(0, count), end: middle },
    { start: middle, facts: facts.slice(count), offsets: offsets.slice(count), end },
  ]
}
