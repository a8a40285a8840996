import { openFileLog } from '@coppice/store'
import { SimulatedDisk } from './simulated-disk.mjs'

export const DIRECTORY = '/git/coppice'

/** The processes of a story, each with the log open, and what they wait for. */
export class Actors {
  #actors = new Map()
  #calls = new Set()
  #starts = 0

  /**
   * @param machine a `Machine` with a `Schedule`
   * @param ledger is told when a call never ends
   * @param weaken makes the disk of a process a worse one
   */
  constructor(machine, ledger, { segmentBytes }, weaken) {
    this.machine = machine
    this.ledger = ledger
    this.segmentBytes = segmentBytes
    this.weaken = weaken
  }

  /** The process that goes by a name now, or null. */
  processOf(by) {
    const process = this.#actors.get(by)?.process
    return process?.isAlive === true ? process : null
  }

  /**
   * Has a process do something with the log, which it opens first if it has not yet.
   *
   * @param work is given the log and the process
   * @param outcome is told by `done` or `failed` how it ended, if the process is alive then
   */
  call(by, work, outcome) {
    const { process, opening } = this.processOf(by) === null ? this.#start(by) : this.#actors.get(by)
    const call = { process, what: by, isOver: false }
    this.#calls.add(call)
    void this.#work(call, opening, work, outcome)
    return call
  }

  async #work(call, opening, work, { done, failed }) {
    const { process, what } = call
    const tell = (how, value) => {
      if (!process.isAlive) return
      call.isOver = true
      how(value)
    }
    try {
      tell(done, await work(await opening, process))
    } catch (error) {
      tell(failed, error)
      // What could not be opened is opened anew the next time.
      opening.catch(() => this.#actors.get(what)?.process === process && this.end(what))
    }
  }

  end(by) {
    const process = this.processOf(by)
    if (process !== null) this.machine.kill(process)
    this.#actors.delete(by)
  }

  /** Lets time pass until something is done, the power is cut or nothing happens any more. */
  async until(isDone) {
    const { cuts } = this.machine
    do {
      await turns(2)
      if (isDone() || this.machine.cuts > cuts) return this.#forget()
    } while (await this.#step())
    this.#forget()
    for (const { what } of this.#calls) this.ledger.broken.push(`a call of process ${what} never ends`)
  }

  async untilOver(calls) {
    await this.until(() => calls.every(({ process, isOver }) => isOver || !process.isAlive))
  }

  /** Answers whether anything happened. */
  async #step() {
    const { schedule } = this.machine
    if (schedule.step()) return true
    // The log waits for a turn before it commits, and may do so several times before it asks for anything.
    await turns(20)
    return schedule.step()
  }

  #forget() {
    for (const call of this.#calls) if (call.isOver || !call.process.isAlive) this.#calls.delete(call)
  }

  #start(by) {
    this.#starts += 1
    const process = this.machine.start(`process ${by}/${this.#starts}`)
    const disk = this.weaken(new SimulatedDisk(this.machine, process))
    const opening = openFileLog(DIRECTORY, { disk, segmentBytes: this.segmentBytes })
    const actor = { process, opening }
    this.#actors.set(by, actor)
    return actor
  }
}

/** Resolves after so many turns of the event loop. */
async function turns(count) {
  for (let done = 0; done < count; done++) await new Promise((resolve) => setImmediate(resolve))
}
