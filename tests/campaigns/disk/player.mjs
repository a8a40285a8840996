import { Actors, DIRECTORY } from './actors.mjs'
import { examine } from './examine.mjs'

/** Other damages of one power cut with which the log is examined too. */
const OTHER_WORLDS = 6

/** Plays a story on a machine: its processes do what the story says, and the ledger hears what they are told. */
export class Player {
  /** Power cuts after which the log was examined. */
  #examined = 0
  /** The cuts that come during the recovery from the next one. */
  #again = []

  /**
   * @param machine a `Machine` with a `Schedule`
   * @param ledger `Ledger`
   * @param story.segmentBytes of the logs
   * @param weaken makes the disk of a process a worse one
   */
  constructor(machine, ledger, story, weaken = (disk) => disk) {
    this.machine = machine
    this.ledger = ledger
    this.actors = new Actors(machine, ledger, story, weaken)
    this.inAnotherWorld = () => new Player(machine.inAnotherWorld(), ledger.copy(), story, weaken)
  }

  async play({ actions, last }) {
    const end = [{ verb: 'clear' }, { verb: 'steps', count: Number.POSITIVE_INFINITY }]
    for (let by = 0; by < 3; by++) end.push({ verb: 'read', by, isAwaited: true, fate: null })
    end.push({ verb: 'cut', ...last })
    for (const action of [...actions, ...end]) {
      this.machine.journal.tell(() => JSON.stringify(action))
      await this[action.verb](action)
      if (this.machine.cuts > this.#examined) await this.#examineCuts()
      if (this.ledger.broken.length > 0) return
    }
  }

  async append({ by, isAwaited, appends, fate }) {
    const { cuts } = this.machine
    const calls = []
    for (const { stream, expected, ...content } of appends) {
      // The first of them may have met a power cut already.
      if (this.machine.cuts > cuts) break
      const { name, facts } = this.ledger.factsFor(content)
      this.machine.journal.tell(() => `  append ${name} of ${facts.length} facts by process ${by}`)
      const append = (log) => log.append(`task/${stream}`, facts, expected)
      const call = this.actors.call(by, append, {
        done: (recorded) => this.ledger.acknowledge(name, recorded),
        failed: (error) => this.ledger.refuse(name, error, expected === 'any'),
      })
      calls.push(call)
    }
    this.#plan(fate, by)
    if (isAwaited) await this.actors.untilOver(calls)
  }

  /** Answers with the facts, or with null if the reading has not come to the end. */
  async read({ by, isAwaited, fate }) {
    const { acknowledged } = this.ledger
    let facts = null
    const call = this.actors.call(by, (log, process) => this.#readAll(log, process), {
      done: (read) => {
        facts = read
        this.ledger.readAll(read, acknowledged)
      },
      failed: (error) => this.ledger.fail(`reading by process ${by}`, error),
    })
    this.#plan(fate, by)
    if (isAwaited) await this.actors.untilOver([call])
    return facts
  }

  async close({ by, fate }) {
    if (this.actors.processOf(by) === null) return
    this.#plan(fate, by)
    const end = () => this.actors.end(by)
    const call = this.actors.call(by, (log) => log.close(), {
      done: end,
      failed: (error) => {
        this.ledger.fail(`closing by process ${by}`, error)
        end()
      },
    })
    await this.actors.untilOver([call])
  }

  kill({ by }) {
    this.actors.end(by)
  }

  full({ room }) {
    this.ledger.hasFaults = true
    this.machine.room = room
  }

  makeRoom() {
    this.machine.room = Number.POSITIVE_INFINITY
  }

  /** Has the faults that have not come about yet never come about. */
  clear() {
    this.machine.faults.clear()
    this.makeRoom()
  }

  async steps({ count }) {
    let left = count
    await this.actors.until(() => left-- <= 0)
  }

  cut({ share, again }) {
    this.#again = again
    this.machine.cutPower({ share })
  }

  #plan(fate, by) {
    if (fate === null) return
    const { kind, moment, share, again, isForgotten, isFatal } = fate
    const process = kind === 'kill' ? this.actors.processOf(by) : null
    // It may be no more already.
    if (kind === 'kill' && process === null) return
    if (kind === 'cut') this.#again = again
    if (kind === 'error' || kind === 'short') this.ledger.hasFaults = true
    if (isForgotten === true) this.ledger.hasLostSyncs = true
    this.machine.faults.plan({ kind, share, isForgotten, isFatal, process, ...moment })
  }

  async #readAll(log, process) {
    const facts = []
    for await (const fact of log.read()) {
      if (!process.isAlive) break
      this.ledger.read(fact, facts.length)
      facts.push(fact)
    }
    return facts
  }

  /** After each cut the log is examined, during which the power may be cut again. */
  async #examineCuts() {
    for (const next of [...this.#again, null]) {
      this.machine.faults.clear()
      this.ledger.cut()
      await this.#examineOtherWorlds()
      if (next !== null)
        this.machine.faults.plan({ kind: 'cut', share: next.share, process: null, ...next.moment })
      await examine(this)
      if (this.ledger.broken.length > 0) break
    }
    this.machine.faults.clear()
  }

  /** The same power cut could have done other damage. */
  async #examineOtherWorlds() {
    if (this.machine.cuts === this.#examined) return
    this.#examined = this.machine.cuts
    const worlds = new Set([fingerprintOf(this.machine)])
    for (let draw = 0; draw < OTHER_WORLDS; draw++) {
      const player = this.inAnotherWorld()
      const fingerprint = fingerprintOf(player.machine)
      if (!worlds.has(fingerprint)) await examine(player)
      worlds.add(fingerprint)
    }
  }
}

function fingerprintOf(machine) {
  return [...machine.filesIn(`${DIRECTORY}/log`)]
    .map(([name, bytes]) => name + bytes.toString('latin1'))
    .join('\0')
}
