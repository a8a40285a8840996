import { GENESIS_HASH } from '../format/line.js'

/** A place between two appends: all that a reader needs to go on from there, verifying the chain. */
export interface Cursor {
  /** 0 before the first segment. */
  readonly segment: number
  /** Bytes from the start of the segment to the next line. */
  readonly offset: number
  /** The sequence of the last record before this place. */
  readonly sequence: number
  /** The hash of the last line before this place. */
  readonly hash: string
}

/** The place before everything. */
export const ORIGIN: Cursor = { segment: 0, offset: 0, sequence: 0, hash: GENESIS_HASH }

export function isBefore(one: Cursor, other: Cursor): boolean {
  return one.segment === other.segment ? one.offset < other.offset : one.segment < other.segment
}

export function isSame(a: Cursor, b: Cursor): boolean {
  return a.segment === b.segment && a.offset === b.offset && a.hash === b.hash
}
