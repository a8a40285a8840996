/** Keeps the values that were asked for last, so many at most. */
export class RecentlyUsed<V> {
  /** The one that was asked for longest ago comes first. */
  readonly #values = new Map<string, V>()

  constructor(private readonly capacity: number) {}

  get(key: string, make: () => V): V {
    const value = this.#values.get(key) ?? make()
    this.#values.delete(key)
    this.#values.set(key, value)
    const oldest = this.#values.keys().next()
    if (this.#values.size > this.capacity && !oldest.done) this.#values.delete(oldest.value)
    return value
  }

  clear(): void {
    this.#values.clear()
  }
}
