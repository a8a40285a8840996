import { isBefore, ORIGIN, type Cursor } from './cursor.js'

/** Bytes of the log between two cursors that are kept; a read from anywhere skips at most so much. */
const SPACING_BYTES = 65_536

/** Remembers places that were reached while reading, so that a later read need not begin at the beginning. */
export class Positions {
  /** In log order, `SPACING_BYTES` apart. */
  readonly #kept: Cursor[] = [ORIGIN]
  #latest: Cursor = ORIGIN

  /** The last place that was reached. */
  get latest(): Cursor {
    return this.#latest
  }

  add(cursor: Cursor): void {
    if (cursor.sequence < this.#latest.sequence || cursor.segment < this.#latest.segment) return
    this.#latest = cursor
    const last = this.#kept.at(-1) ?? ORIGIN
    if (cursor.segment > last.segment || cursor.offset - last.offset >= SPACING_BYTES) this.#kept.push(cursor)
  }

  /** The last ones in the segment of a place, in front of it. */
  upTo(place: Cursor, count: number): readonly Cursor[] {
    return this.#kept.filter((kept) => kept.segment === place.segment && isBefore(kept, place)).slice(-count)
  }

  /** The last known place in front of a sequence. */
  before(sequence: number): Cursor {
    if (this.#latest.sequence < sequence) return this.#latest
    let low = 0
    let high = this.#kept.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#kept[middle] ?? ORIGIN).sequence < sequence) low = middle
      else high = middle - 1
    }
    return this.#kept[low] ?? ORIGIN
  }
}
