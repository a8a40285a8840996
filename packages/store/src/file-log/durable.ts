import type { Cursor } from './cursor.js'

/** How far the log is known to be on the disk. */
export class Durable {
  #segment = 0
  #offset = 0

  covers({ segment, offset }: Cursor): boolean {
    return segment < this.#segment || (segment === this.#segment && offset <= this.#offset)
  }

  mark(place: Cursor): void {
    if (this.covers(place)) return
    this.#segment = place.segment
    this.#offset = place.offset
  }
}
