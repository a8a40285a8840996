import type { FactOf, FactType } from './fact.js'

/** A fact as the log holds it. */
export type RecordedFactOf<T extends FactType> = FactOf<T> & {
  /** 1 for the log's first record, rising by one. */
  readonly sequence: number
  /** The stream it belongs to, `task/<id>`. */
  readonly stream: string
  /** 1 for the stream's first fact, rising by one. */
  readonly version: number
  /** Chains the record to the one before; opaque here, compared for equality only. */
  readonly hash: string
}

export type RecordedFact = RecordedFactOf<FactType>
