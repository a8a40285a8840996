import type { CacheCheck } from './cache-check.js'
import type { Finding } from './finding.js'
import type { Leftover } from './leftovers.js'

/** What a log holds, and all that is wrong with it. */
export interface LogReport {
  /** Whether nothing was found that is wrong. */
  readonly healthy: boolean
  /** Of the segments. */
  readonly directory: string
  readonly segments: number
  /** Of all segments together. */
  readonly bytes: number
  /** Good ones. */
  readonly records: number
  readonly streams: number
  /** When the first good record happened, ISO 8601; null if there is none. */
  readonly firstAt: string | null
  readonly lastAt: string | null
  /** The last whole append. */
  readonly end: LogEnd
  readonly tail: Tail
  /** In log order. */
  readonly findings: readonly Finding[]
  /** Good records before the first place where the files are damaged, and behind it. */
  readonly readable: { readonly before: number; readonly behind: number }
  readonly leftovers: readonly Leftover[]
  readonly caches: readonly CacheCheck[]
}

/** The place behind the last whole append. */
export interface LogEnd {
  /** 0 if there is none. */
  readonly segment: number
  readonly offset: number
  readonly sequence: number
  /** Of the last line; null if it is damaged. */
  readonly hash: string | null
}

/**
 * What is behind the end: nothing, room that a writer has reserved, or bytes that are no whole append, because a
 * writer is in the middle of it or died there. None of it is damage.
 */
export type Tail =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'room'; readonly bytes: number }
  | InterruptedWrite

export interface InterruptedWrite {
  readonly kind: 'interrupted-write'
  readonly segment: number
  readonly path: string
  /** The end of the log, from the start of the segment. */
  readonly offset: number
  /** Bytes behind it, without reserved room. */
  readonly bytes: number
  /** Where its first line begins that is no good record. */
  readonly brokenAt: number
  /** The hash to which that line would have to be chained. */
  readonly after: string
}
