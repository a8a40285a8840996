import { basename, dirname } from 'node:path'
import { Faults, systemError } from './faults.mjs'
import { SimulatedDirectory } from './simulated-directory.mjs'

/** What every operation of a process throws that is no more; nobody is there to see it. */
export class Gone extends Error {}

/** One for all, because the trace of its stack costs more than all else. */
const GONE = new Gone('this process is no more')

/** A machine with a disk, on which processes come and go, and whose power may be cut. */
export class Machine {
  root = new SimulatedDirectory()
  /** Bytes by which files may still grow. */
  room = Number.POSITIVE_INFINITY
  /** How often the power was cut. */
  cuts = 0
  /** What was on the disk, synced or not, when it was cut. */
  #atCut = null
  /** By path, who holds the lock on a file. */
  locks = new Map()
  #processes = new Set()

  /**
   * @param parts.random decides what the other parts leave open
   * @param parts.faults `Faults`
   * @param parts.journal `Journal`
   * @param parts.schedule `Schedule`; null where everything happens at once, for a process alone
   * @param parts.damageOf makes of a fault the `Damage` that its power cut does
   */
  constructor(parts) {
    Object.assign(this, parts)
  }

  start(name) {
    const process = { name, isAlive: true }
    this.#processes.add(process)
    return process
  }

  /** Ends a process; what it has written stays. */
  kill(process) {
    process.isAlive = false
    this.#processes.delete(process)
    for (const [path, { owner }] of this.locks) if (owner === process) this.locks.delete(path)
    this.schedule?.drop(process)
  }

  /** Ends all processes; of what was not synced, the fault's damage decides what stays. */
  cutPower(fault) {
    for (const process of this.#processes) this.kill(process)
    this.cuts += 1
    this.faults.clear()
    this.room = Number.POSITIVE_INFINITY
    this.journal.tell(() => '    the power is cut')
    this.#atCut = this.root.copy()
    this.root.cutPower(this.damageOf(fault))
  }

  /** A machine on which the last power cut has done other damage. */
  inAnotherWorld() {
    const { random, schedule, journal, damageOf } = this
    const machine = new Machine({ random, schedule, journal, damageOf, faults: new Faults() })
    journal.tell(() => '    in another world')
    machine.root = this.#atCut.copy()
    machine.root.cutPower(damageOf({ share: null }))
    return machine
  }

  /** Does an operation of a process at once, or what a fault makes of it. */
  perform(process, operation, path, effect) {
    if (!process.isAlive) throw GONE
    const fault = this.faults.due(operation, path, process)
    this.journal.tell(
      () => `    ${process.name} ${operation} ${path}${fault === null ? '' : `: ${fault.kind}`}`,
    )
    if (fault === null) return effect(null)
    this.journal.count(`faults: ${fault.kind} at ${operation}`)
    if (fault.kind === 'cut') return this.#end(() => this.cutPower(fault))
    if (fault.kind === 'kill') return this.#end(() => this.#killDuring(process, operation, effect, fault))
    // A process that is killed there tells nobody of the error.
    if (fault.isFatal) return this.#end(() => this.#killDuring(process, operation, effect, fault))
    if (operation === 'write' || operation === 'sync') return effect(fault)
    throw systemError('EIO', operation)
  }

  /** The same, at some time from now on. */
  async later(process, operation, path, effect, isReady) {
    const perform = () => this.perform(process, operation, path, effect)
    return this.schedule === null ? perform() : this.schedule.later(process, perform, isReady)
  }

  /** The file or directory at a path, or null. */
  nodeAt(path) {
    let node = this.root
    for (const name of path.split('/').slice(1)) {
      if (!(node instanceof SimulatedDirectory)) return null
      if (name !== '') node = node.get(name)
    }
    return node
  }

  /** The content of every file in a directory, by name. */
  filesIn(path) {
    const directory = this.nodeAt(path)
    const names = directory?.names ?? []
    return new Map(names.map((name) => [name, directory.get(name).bytes]))
  }

  /** @throws with `ENOENT` */
  directoryOf(path) {
    const node = this.nodeAt(dirname(path))
    if (node instanceof SimulatedDirectory) return { directory: node, name: basename(path) }
    throw systemError('ENOENT', path)
  }

  #end(end) {
    end()
    throw GONE
  }

  /** A process may be killed in the middle of a write. */
  #killDuring(process, operation, effect, fault) {
    try {
      if (operation === 'write' || (operation === 'sync' && fault.kind === 'error')) effect(fault)
    } catch (error) {
      if (error.code !== 'EIO') throw error
    } finally {
      this.kill(process)
    }
  }
}
