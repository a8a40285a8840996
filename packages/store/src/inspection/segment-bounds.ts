import type { RecordedFact } from '@coppice/core'
import { FORMAT_VERSION } from '../format/limits.js'
import type { FileFinding, Location } from './finding.js'
import type { Tail } from './log-report.js'

/** A place in a segment, between two lines. */
export interface Position {
  readonly offset: number
  /** Of the line that follows. */
  readonly line: number
  /** Of the record before. */
  readonly sequence: number
  /** Of the line before; null where it is damaged. */
  readonly hash: string | null
}

export interface SegmentBounds {
  readonly segment: number
  readonly path: string
  readonly start: Position
  /** What is wrong with the header, which is then a part of what is scanned. */
  readonly brokenHeader: Wrong | null
  /** Whether no segment follows. */
  readonly isLast: boolean
  /** What a good header that follows says of this segment's last record. */
  readonly last: { readonly sequence: number; readonly hash: string } | null
}

export interface ScanListener {
  readonly record: (fact: RecordedFact, location: Location) => void
  readonly finding: (finding: FileFinding) => void
}

export interface SegmentEnd {
  /** Behind the last whole append. */
  readonly end: Position
  readonly tail: Tail
  /** Bytes behind the end of a segment that another one follows. */
  readonly voidBytes: number
  /** Whether everything up to the end is known, so that the next segment can be compared with it. */
  readonly isKnown: boolean
}

/** Why a line is not what it should be. */
export interface Wrong {
  readonly expected: string
  readonly found: string
  /** Of the format, where that is what is wrong. */
  readonly version?: number
}

export function newerThanKnown(version: number): Wrong {
  return { expected: `format version ${FORMAT_VERSION} or older`, found: `version ${version}`, version }
}
