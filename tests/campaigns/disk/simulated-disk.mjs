import { dirname } from 'node:path'
import { systemError } from './faults.mjs'
import { OpenFile } from './open-file.mjs'
import { SimulatedDirectory } from './simulated-directory.mjs'
import { SimulatedFile } from './simulated-file.mjs'
import { SimulatedLock } from './simulated-lock.mjs'

/** The port `Disk` as one process has it on a simulated machine. */
export class SimulatedDisk {
  constructor(machine, process) {
    this.machine = machine
    this.process = process
  }

  list(path) {
    return this.#perform('list', path, () => this.machine.nodeAt(path)?.names ?? [])
  }

  exists(path) {
    return this.#perform('exists', path, () => this.machine.nodeAt(path) !== null)
  }

  makeDirectory(path) {
    if (this.machine.nodeAt(path) !== null) return
    this.makeDirectory(dirname(path))
    this.#perform('makeDirectory', path, () => {
      const { directory, name } = this.machine.directoryOf(path)
      directory.add(name, new SimulatedDirectory())
    })
  }

  open(path, mode) {
    return this.#perform(
      'open',
      path,
      () => new OpenFile(this.machine, this.process, path, this.#file(path, mode)),
    )
  }

  rename(from, to) {
    this.#perform('rename', `${from} to ${to}`, () => {
      const { directory, name } = this.machine.directoryOf(from)
      if (directory.get(name) === null) throw systemError('ENOENT', from)
      directory.rename(name, this.machine.directoryOf(to).name)
    })
  }

  syncDirectory(path) {
    return this.machine.later(this.process, 'syncDirectory', path, () => {
      const node = this.machine.nodeAt(path)
      if (node === null) throw systemError('ENOENT', path)
      node.sync()
    })
  }

  lockAt(path) {
    return new SimulatedLock(this, path)
  }

  #file(path, mode) {
    const { directory, name } = this.machine.directoryOf(path)
    const file = directory.get(name)
    if (file === null) {
      if (mode === 'read' || mode === 'write') throw systemError('ENOENT', path)
      directory.add(name, new SimulatedFile())
      return directory.get(name)
    }
    if (mode === 'new') throw systemError('EEXIST', path)
    if (mode === 'create') file.truncate(0)
    return file
  }

  #perform(operation, path, effect) {
    return this.machine.perform(this.process, operation, path, effect)
  }
}
