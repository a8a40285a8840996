import type { Cursor } from './cursor.js'

type Place = Pick<Cursor, 'segment' | 'offset'>

/**
 * How far the segment is known to be on the disk of which most is known. Of another one it knows nothing, not even of one in
 * front of it: what was refused may stand at its end, and only who knows where it ends can tell.
 */
export class Durable {
  /** By a sync of what was just written, or by a record that says so. */
  #proven: Place = { segment: 0, offset: 0 }
  /** By a sync alone, which may have passed over what an earlier one failed to write: enough to be read. */
  #synced: Place = { segment: 0, offset: 0 }
  readonly #failures = new Set<number>()

  isProven(place: Cursor): boolean {
    return covers(this.#proven, place)
  }

  isSynced(place: Cursor): boolean {
    return this.isProven(place) || covers(this.#synced, place)
  }

  /** The offset in a segment from which on nothing is proven; something is, once its header was read. */
  unprovenFrom(segment: number): number {
    return this.#proven.segment === segment ? this.#proven.offset : 0
  }

  markProven(place: Place): void {
    if (isBehind(this.#proven, place)) this.#proven = { segment: place.segment, offset: place.offset }
  }

  markSynced(place: Place): void {
    if (isBehind(this.#synced, place)) this.#synced = { segment: place.segment, offset: place.offset }
  }

  /** Whether this process saw a sync of a segment fail, so that another one alone means nothing. */
  hasFailed(segment: number): boolean {
    return this.#failures.has(segment)
  }

  fail(segment: number): void {
    this.#failures.add(segment)
  }
}

function covers(reached: Place, { segment, offset }: Place): boolean {
  return segment === reached.segment && offset <= reached.offset
}

function isBehind(reached: Place, { segment, offset }: Place): boolean {
  return reached.segment < segment || (reached.segment === segment && reached.offset < offset)
}
