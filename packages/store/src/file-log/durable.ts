import type { Cursor } from './cursor.js'

/** How far the log is known to be on the disk. */
export class Durable {
  #segment = 0
  #offset = 0
  readonly #failures = new Map<number, unknown>()

  covers({ segment, offset }: Cursor): boolean {
    return segment < this.#segment || (segment === this.#segment && offset <= this.#offset)
  }

  /** What keeps a segment from being synced ever again: a sync failed, and a second one could do nothing and succeed. */
  failureOf(segment: number): unknown {
    return this.#failures.get(segment)
  }

  fail(segment: number, cause: unknown): void {
    this.#failures.set(segment, cause)
  }

  mark(place: Cursor): void {
    if (this.covers(place)) return
    this.#segment = place.segment
    this.#offset = place.offset
  }
}
