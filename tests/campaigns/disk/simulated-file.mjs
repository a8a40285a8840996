/** Bytes that a disk writes at once, if nothing tears them. */
export const SECTOR = 512

/**
 * A file's content as programs see it, and what a power cut may leave of it: for every sector all that it held since it
 * was last synced, each with the number of the change that made it so, the newest last; and the same for the size.
 */
export class SimulatedFile {
  /** How many names it has. */
  links = 0
  /** How many syncs failed. */
  failures = 0
  size = 0
  /** Whole sectors; zeros behind the size. */
  #bytes = Buffer.alloc(0)
  #changes = 0
  #sectors = new Map()
  #sizes = { values: [0], isDirty: false }

  /** A file that is on the disk already. */
  static of(bytes) {
    const file = new SimulatedFile()
    file.write(bytes, 0)
    file.sync()
    return file
  }

  get bytes() {
    return this.#bytes.subarray(0, this.size)
  }

  read(buffer, offset) {
    return this.bytes.copy(buffer, 0, Math.min(offset, this.size))
  }

  write(bytes, offset) {
    const end = offset + bytes.length
    this.#reserve(end)
    this.#change(offset, end, () => bytes.copy(this.#bytes, offset))
    if (end > this.size) this.#resize(end)
  }

  truncate(size) {
    if (size === this.size) return
    this.#reserve(size)
    if (size < this.size) this.#change(size, this.size, () => this.#bytes.fill(0, size, this.size))
    this.#resize(size)
  }

  /** What an earlier sync failed to write does not count as unwritten any more, so that this one passes it over. */
  sync() {
    for (const [index, sector] of this.#sectors) if (sector.isDirty) this.#sectors.delete(index)
    if (this.#sizes.isDirty) this.#sizes = { values: [this.size], isDirty: false }
  }

  /** @param isForgotten whether the system takes what it could not write for written from now on, as Linux does */
  failSync(isForgotten) {
    this.failures += 1
    if (!isForgotten) return
    for (const sector of this.#sectors.values()) sector.isDirty = false
    this.#sizes.isDirty = false
  }

  /** @param damage decides what is left */
  cutPower(damage) {
    damage.meet(this.#sectors)
    for (const [index, { values }] of this.#sectors) {
      damage.sector(values, index).copy(this.#bytes, index * SECTOR)
    }
    this.size = damage.size(this.#sizes.values)
    this.#reserve(this.size)
    this.#bytes.fill(0, this.size)
    this.#sectors.clear()
    this.#sizes = { values: [this.size], isDirty: false }
  }

  copy() {
    const copy = new SimulatedFile()
    copy.links = this.links
    copy.size = this.size
    copy.#bytes = Buffer.from(this.#bytes)
    copy.#changes = this.#changes
    copy.#sectors = new Map([...this.#sectors].map(([index, sector]) => [index, copyOf(sector)]))
    copy.#sizes = copyOf(this.#sizes)
    return copy
  }

  #change(from, to, change) {
    const touched = []
    this.#changes += 1
    for (let index = Math.floor(from / SECTOR); index * SECTOR < to; index++) {
      const sector = this.#sectors.get(index) ?? { values: [this.#sector(index, 0)], isDirty: true }
      this.#sectors.set(index, sector)
      touched.push([index, sector])
    }
    change()
    for (const [index, sector] of touched) {
      sector.values.push(this.#sector(index, this.#changes))
      sector.isDirty = true
    }
  }

  #sector(index, change) {
    return { change, bytes: Buffer.from(this.#bytes.subarray(index * SECTOR, (index + 1) * SECTOR)) }
  }

  #resize(size) {
    this.size = size
    this.#sizes.values.push(size)
    this.#sizes.isDirty = true
  }

  #reserve(size) {
    if (size <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.ceil(Math.max(size, this.#bytes.length * 2) / SECTOR) * SECTOR)
    this.#bytes.copy(larger)
    this.#bytes = larger
  }
}

function copyOf({ values, isDirty }) {
  return { values: [...values], isDirty }
}
