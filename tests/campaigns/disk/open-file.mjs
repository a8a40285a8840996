import { systemError } from './faults.mjs'

/** Of a hundred readings, how many come in two parts, between which others may write. */
const IN_PARTS = 30

/** The port `DiskFile`: a file that a process has open on a simulated machine. */
export class OpenFile {
  /** Failed syncs that this descriptor has told of, or that were before it. */
  #failuresTold

  constructor(machine, process, path, file) {
    this.machine = machine
    this.process = process
    this.path = path
    this.file = file
    this.#failuresTold = file.failures
  }

  size() {
    return this.#perform('stat', () => this.file.size)
  }

  isNamed() {
    return this.#perform('stat', () => this.file.links > 0)
  }

  async read(buffer, offset) {
    const { random } = this.machine
    const there = Math.min(buffer.length, this.file.size - offset)
    const split = there > 0 && random.percent(IN_PARTS) ? random.below(there) : buffer.length
    const first = await this.#later('read', () => this.file.read(buffer.subarray(0, split), offset))
    if (split === buffer.length || first < split) return first
    return split + (await this.#later('read', () => this.file.read(buffer.subarray(split), offset + split)))
  }

  readNow(buffer, offset) {
    return this.#perform('read', () => this.file.read(buffer, offset))
  }

  write(bytes, offset) {
    return this.#perform('write', (fault) => {
      const count = this.#countOf(bytes.length, offset, fault)
      this.machine.journal.tell(() => `      ${count} of ${bytes.length} bytes at ${offset}`)
      this.file.write(bytes.subarray(0, count), offset)
      return count
    })
  }

  truncate(size) {
    this.#perform('truncate', () => {
      this.machine.journal.tell(() => `      from ${this.file.size} to ${size} bytes`)
      this.file.truncate(size)
    })
  }

  /** A failure is told once by every descriptor that was open then, even where its own sync went well. */
  sync() {
    return this.#later('sync', (fault) => {
      if (fault === null) this.file.sync()
      else this.file.failSync(fault.isForgotten)
      if (this.#failuresTold === this.file.failures) return
      this.#failuresTold = this.file.failures
      throw systemError('EIO', 'sync')
    })
  }

  close() {}

  /** How many of the bytes a write takes. */
  #countOf(length, offset, fault) {
    if (fault?.kind === 'error') throw systemError('EIO', 'write')
    const given =
      fault === null ? length : this.machine.random.below(length) + (fault.kind === 'short' ? 1 : 0)
    const growth = Math.max(offset + given - this.file.size, 0)
    const missing = Math.max(growth - this.machine.room, 0)
    if (given > 0 && missing >= given) throw systemError('ENOSPC', 'write')
    this.machine.room -= growth - missing
    return given - missing
  }

  #perform(operation, effect) {
    return this.machine.perform(this.process, operation, this.path, effect)
  }

  #later(operation, effect) {
    return this.machine.later(this.process, operation, this.path, effect)
  }
}
