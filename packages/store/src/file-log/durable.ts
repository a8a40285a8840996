/** How far the last segment is known to be on the disk; earlier segments are synced before the next is made. */
export class Durable {
  #segment = 0
  #offset = 0

  covers(segment: number, offset: number): boolean {
    return segment < this.#segment || (segment === this.#segment && offset <= this.#offset)
  }

  mark(segment: number, offset: number): void {
    if (this.covers(segment, offset)) return
    this.#segment = segment
    this.#offset = offset
  }
}
