/** Numbers that depend on the seed alone, so that a case can be run again. */
export class Random {
  #state

  constructor(seed) {
    this.#state = seed | 0
  }

  /** A whole number from 0 up to the limit, which is at most 2 ** 32. */
  below(limit) {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32) * limit)
  }

  /** True in so many of a hundred cases. */
  percent(share) {
    return this.below(100) < share
  }

  of(items) {
    return items[this.below(items.length)]
  }
}
