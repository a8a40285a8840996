/** Numbers from a seed, one after the other (mulberry32). */
export class Random {
  #state

  constructor(seed) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 up to the limit. */
  below(limit) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  /** One of the items; undefined if there are none. */
  of(items) {
    return items[this.below(Math.max(1, items.length))]
  }

  /** A key, drawn as often as its value says. */
  weighted(weights) {
    const all = Object.entries(weights)
    let rest = this.below(all.reduce((sum, [, weight]) => sum + weight, 0))
    return all.find(([, weight]) => (rest -= weight) < 0)[0]
  }
}
