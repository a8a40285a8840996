import { isCoppiceError } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { Faults } from '../disk/faults.mjs'
import { Journal } from '../disk/journal.mjs'
import { Machine } from '../disk/machine.mjs'
import { Random } from '../disk/random.mjs'
import { SimulatedDisk } from '../disk/simulated-disk.mjs'
import { SimulatedFile } from '../disk/simulated-file.mjs'

const DIRECTORY = '/coppice'
const LOG = `${DIRECTORY}/log`

/** A log on a simulated disk without faults, on which everything happens at once. */
export class LogInMemory {
  #disk

  /**
   * @param files the content of every file of the log's directory, by name
   * @param weaken makes the disk of the code under test a worse one
   */
  constructor(files = new Map(), weaken = (disk) => disk) {
    const parts = { random: new Random(0), faults: new Faults(), journal: new Journal(false), schedule: null }
    this.machine = new Machine(parts)
    const disk = new SimulatedDisk(this.machine, this.machine.start('one'))
    this.#disk = weaken(disk)
    if (files.size === 0) return
    disk.makeDirectory(LOG)
    for (const [name, bytes] of files) this.machine.nodeAt(LOG).add(name, SimulatedFile.of(bytes))
  }

  get files() {
    return this.machine.filesIn(LOG)
  }

  open(options = {}) {
    return openFileLog(DIRECTORY, { ...options, disk: this.#disk })
  }
}

/** All facts of a log that is open. */
export async function factsOf(log) {
  const facts = []
  for await (const fact of log.read()) facts.push(fact)
  return facts
}

/** What a promise comes to: its value, the code of an error of Coppice's own, or any other error, which is a bug. */
export async function outcomeOf(work) {
  try {
    return { value: await work() }
  } catch (error) {
    return isCoppiceError(error) ? { code: error.code, error } : { code: 'an untyped error', error }
  }
}
