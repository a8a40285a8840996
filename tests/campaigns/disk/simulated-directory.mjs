/** A directory's names as programs see them, and as they were when it was last synced. */
export class SimulatedDirectory {
  links = 0
  #entries = new Map()
  #durable = new Map()
  /** What was done since, each a list of names with what they stand for from then on. */
  #changes = []

  get names() {
    return [...this.#entries.keys()]
  }

  get(name) {
    return this.#entries.get(name) ?? null
  }

  add(name, node) {
    this.#change([[name, node]])
  }

  rename(from, to) {
    this.#change([
      [from, null],
      [to, this.get(from)],
    ])
  }

  sync() {
    this.#durable = new Map(this.#entries)
    this.#changes = []
  }

  /** Any of the changes may have come to the disk, each as a whole. */
  cutPower(damage) {
    const left = this.#changes.filter((change) => damage.keepsNames(change.map(([name]) => name)))
    this.#entries = new Map(this.#durable)
    for (const change of left) this.#apply(change)
    this.sync()
    for (const [name, node] of this.#entries) node.cutPower(damage.of(name))
  }

  copy() {
    const copies = new Map([[null, null]])
    const copyOf = ([name, node]) => {
      if (!copies.has(node)) copies.set(node, node.copy())
      return [name, copies.get(node)]
    }
    const copy = new SimulatedDirectory()
    copy.links = this.links
    copy.#entries = new Map([...this.#entries].map(copyOf))
    copy.#durable = new Map([...this.#durable].map(copyOf))
    copy.#changes = this.#changes.map((change) => change.map(copyOf))
    return copy
  }

  #change(change) {
    for (const [name] of change) this.#link(this.get(name), -1)
    this.#apply(change)
    for (const [name] of change) this.#link(this.get(name), 1)
    this.#changes.push(change)
  }

  #apply(change) {
    for (const [name, node] of change) {
      if (node === null) this.#entries.delete(name)
      else this.#entries.set(name, node)
    }
  }

  #link(node, count) {
    if (node !== null) node.links += count
  }
}
