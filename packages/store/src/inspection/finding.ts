import type { FactType, TaskStatus } from '@coppice/core'

/** Where something is in a log. */
export interface Location {
  readonly segment: number
  /** The segment's file. */
  readonly path: string
  /** Bytes from the start of the segment. */
  readonly offset: number
  /** 1 for the header. */
  readonly line: number
  /** Of the record that is there, or should be; that of the first record for a header. */
  readonly sequence: number
}

/** Bytes that are not what was written there, or are missing. */
export interface Damage extends Location {
  readonly kind: 'damaged'
  readonly expected: string
  readonly found: string
  /** Where what follows can be read by itself again, in bytes from the start of the segment. */
  readonly end: number
  /** How many records cannot be read; null where nothing behind says it. */
  readonly records: number | null
  /** The hash to which what should be there was chained; null where that is not known either. */
  readonly after: string | null
  /** The hash to which what follows is chained; null where nothing that follows says it. */
  readonly before: string | null
}

/** One or several segments have no file. */
export interface MissingSegments extends Omit<Damage, 'kind' | 'end'> {
  readonly kind: 'segments-missing'
  /** The number of the last one that is missing; `segment` is the first. */
  readonly last: number
}

/** Two segments are good, each by itself, and do not belong together. */
export interface BrokenChain extends Location {
  readonly kind: 'chain-broken'
  readonly expected: string
  readonly found: string
  /** The hash of the last line of the segment before. */
  readonly after: string
  /** The hash to which the segment that follows is chained; null if there is none, or none that says it. */
  readonly before: string | null
}

/** A newer version of Coppice wrote what begins here. */
export interface NewerVersion extends Location {
  readonly kind: 'newer-version'
  readonly version: number
  /** The newest version that this Coppice reads. */
  readonly supported: number
}

/** The system does not give out what is in a segment. */
export interface Unreadable extends Location {
  readonly kind: 'unreadable'
  readonly reason: string
}

/** A good record with another version than its stream is at. */
export interface WrongVersion extends Location {
  readonly kind: 'wrong-stream-version'
  readonly stream: string
  readonly expected: number
  readonly found: number
}

/** A good record of a type that this version of Coppice does not know. */
export interface UnknownFact extends Location {
  readonly kind: 'unknown-fact'
  readonly stream: string
  readonly type: string
}

/** A good record that the lifecycle never makes. */
export interface ImpossibleFact extends Location {
  readonly kind: 'impossible-fact'
  readonly stream: string
  readonly type: FactType
  /** Of the task before it; null before its request. */
  readonly status: TaskStatus | null
  /** Why its data cannot be folded, where that is what is wrong with it. */
  readonly reason: string | null
}

/** What the files of a log hold that should not be there, or do not hold that should. */
export type FileFinding = Damage | MissingSegments | BrokenChain | NewerVersion | Unreadable

/** What good records say that they cannot say. */
export type FactFinding = WrongVersion | UnknownFact | ImpossibleFact

export type Finding = FileFinding | FactFinding

export function isFileFinding(finding: Finding): finding is FileFinding {
  return !('stream' in finding)
}
