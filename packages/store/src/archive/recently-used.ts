interface Held<V> {
  readonly value: V
  readonly weight: number
}

/** Keeps the values that were asked for last: as many as weigh no more than so much together, and the last one in any case. */
export class RecentlyUsed<V> {
  /** The one that was asked for longest ago comes first. */
  readonly #held = new Map<string, Held<V>>()
  #weight = 0

  constructor(private readonly capacity: number) {}

  get(key: string, weight: number, make: () => V): V {
    const held = this.#held.get(key) ?? { value: make(), weight }
    this.#remove(key)
    this.#held.set(key, held)
    this.#weight += held.weight
    for (const oldest of this.#held.keys()) {
      if (this.#weight <= this.capacity || oldest === key) break
      this.#remove(oldest)
    }
    return held.value
  }

  clear(): void {
    this.#held.clear()
    this.#weight = 0
  }

  #remove(key: string): void {
    this.#weight -= this.#held.get(key)?.weight ?? 0
    this.#held.delete(key)
  }
}
