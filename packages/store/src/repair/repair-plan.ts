import type { CacheCheck } from '../inspection/cache-check.js'
import type { Finding } from '../inspection/finding.js'
import type { LogReport } from '../inspection/log-report.js'
import type { Piece } from './pieces.js'

/** The bytes of a segment's header are written anew. */
export interface RewriteHeader {
  readonly kind: 'rewrite-header'
  readonly segment: number
  readonly path: string
}

/** One byte of a line is put right. */
export interface CorrectByte {
  readonly kind: 'correct-byte'
  readonly segment: number
  readonly path: string
  /** Of the byte, from the start of the segment. */
  readonly offset: number
  readonly from: number
  readonly to: number
}

/** The beginning of a segment, or all of it, is put back from a copy. */
export interface PutBack {
  readonly kind: 'put-back'
  readonly segment: number
  readonly path: string
  readonly copy: string
  /** How many bytes of the copy are taken. */
  readonly bytes: number
}

/** What an interrupted write left at the end of the log is cut off, and a new segment begun, as a writer does it. */
export interface CutOff {
  readonly kind: 'cut-off'
  readonly segment: number
  readonly path: string
  readonly offset: number
  readonly bytes: number
}

/** A segment that never got its name is removed. */
export interface RemoveTemporary {
  readonly kind: 'remove-temporary'
  readonly path: string
}

/** A cache that is not of this log is dropped; it is made again. */
export interface DropCache {
  readonly kind: 'drop-cache'
  readonly path: string
  readonly name: CacheCheck['name']
}

/** Something that a repair does. */
export type RepairItem = RewriteHeader | CorrectByte | PutBack | CutOff | RemoveTemporary | DropCache

/** Something that no repair does, because nothing proves what should be there. */
export interface Refusal {
  readonly finding: Finding
  readonly reason: string
  /** What a person can do about it. */
  readonly advice: string
}

export interface RepairPlan {
  readonly items: readonly RepairItem[]
  readonly refused: readonly Refusal[]
  /** What the segments are to hold that are written anew. */
  readonly segments: ReadonlyMap<number, readonly Piece[]>
  /** What will be found in the log after it. */
  readonly report: LogReport
}

/** What a repair did, or with `dryRun` would do. */
export interface RepairReport {
  readonly dryRun: boolean
  readonly items: readonly RepairItem[]
  readonly refused: readonly Refusal[]
  /** The files in which all bytes are that were replaced or cut off. */
  readonly keptAside: readonly string[]
  /** What is found in the log afterwards. */
  readonly report: LogReport
}
