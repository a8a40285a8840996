import type { Cursor } from './cursor.js'

type SegmentOffset = Pick<Cursor, 'segment' | 'offset'>

/** How far the segments are known to be on the disk. */
export class Durable {
  /** By a sync of what was just written, or by a record that says so. */
  readonly #proven = new Map<number, number>()
  /** By a sync alone, which may have passed over what an earlier one failed to write: enough to be read. */
  readonly #synced = new Map<number, number>()
  readonly #failures = new Set<number>()

  isProven(place: SegmentOffset): boolean {
    return isReached(this.#proven, place)
  }

  isSynced(place: SegmentOffset): boolean {
    return this.isProven(place) || isReached(this.#synced, place)
  }

  /** The offset in a segment from which on nothing is proven, or null where nothing is known of it. */
  provenIn(segment: number): number | null {
    return this.#proven.get(segment) ?? null
  }

  markProven(place: SegmentOffset): void {
    reach(this.#proven, place)
  }

  markSynced(place: SegmentOffset): void {
    reach(this.#synced, place)
  }

  /** Whether this process saw a sync of a segment fail, so that another one alone means nothing. */
  hasFailed(segment: number): boolean {
    return this.#failures.has(segment)
  }

  fail(segment: number): void {
    this.#failures.add(segment)
  }
}

function isReached(reached: ReadonlyMap<number, number>, { segment, offset }: SegmentOffset): boolean {
  return offset <= (reached.get(segment) ?? -1)
}

function reach(reached: Map<number, number>, place: SegmentOffset): void {
  if (!isReached(reached, place)) reached.set(place.segment, place.offset)
}
