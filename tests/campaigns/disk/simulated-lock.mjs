import { dirname } from 'node:path'
import { LockError } from '@coppice/store'
import { Gone } from './machine.mjs'

/** A lock on a file of a simulated machine, as one process has it. */
export class SimulatedLock {
  constructor(disk, path) {
    this.disk = disk
    this.path = path
    this.owner = disk.process
  }

  async lock() {
    this.#open()
    const take = () => void this.disk.machine.locks.set(this.path, this)
    await this.disk.machine.later(this.owner, 'lock', this.path, take, () => this.#isFree())
  }

  tryLock() {
    this.#open()
    if (!this.#isFree()) return false
    this.disk.machine.locks.set(this.path, this)
    return true
  }

  unlock() {
    const { locks } = this.disk.machine
    if (locks.get(this.path) === this) locks.delete(this.path)
  }

  close() {
    this.unlock()
  }

  #isFree() {
    return (this.disk.machine.locks.get(this.path) ?? this) === this
  }

  #open() {
    try {
      this.disk.makeDirectory(dirname(this.path))
      if (!this.disk.exists(this.path)) this.disk.open(this.path, 'create').close()
    } catch (cause) {
      if (cause instanceof Gone) throw cause
      throw new LockError(this.path, cause)
    }
  }
}
