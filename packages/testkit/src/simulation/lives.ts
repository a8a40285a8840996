import type { Scheduler } from 'fast-check'
import type { SimulatedWorld } from '../world/simulated-world.js'
import type { ProgramLife } from './broken-program.js'
import { Interleaving } from './interleaving.js'
import { Life, type Program } from './life.js'
import type { ProgramFault } from './program-fault.js'

/** The lives of one program, one after the other, or several at once where one of them stands still. */
export class Lives<T> {
  readonly #interleaving: Interleaving
  readonly #all: Life<T>[] = []
  /** Who has written each fact, by its hash. */
  readonly #authors = new Map<string, Life<T>>()

  constructor(
    private readonly world: SimulatedWorld,
    private readonly program: Program<T>,
    scheduler: Scheduler | null,
  ) {
    this.#interleaving = new Interleaving(world.clock, scheduler)
  }

  get told(): readonly ProgramLife[] {
    const facts = this.world.disk.all()
    return this.#all.map((life) => ({
      trouble: life.trouble,
      facts: facts.filter(({ hash }) => this.#authors.get(hash) === life),
    }))
  }

  /**
   * Lives with one fault after the other until a life comes to its end, and with none at last; wakes whoever stands still then,
   * and waits for it. A last life that failed beside another one is followed by one that is alone.
   *
   * @returns what the newest life came to
   * @throws what a life throws that nothing befell
   */
  async toTheEnd(faults: readonly ProgramFault[]): Promise<T> {
    for (const fault of [...faults, null]) {
      const life = await this.#live(fault)
      if (life.end?.kind === 'value') break
    }
    this.#wake(' until the others had ended')
    for (const { over } of this.#all) await this.#interleaving.until(over)
    const last = this.#all.at(-1)
    const newest = last?.hasFailedBeside === true ? await this.#live(null) : last
    if (newest?.end?.kind === 'value') return newest.end.value
    throw new Error('the program failed though nothing befell it')
  }

  killAll(): void {
    for (const life of this.#all) life.kill()
  }

  /** Resolves when the life is over, or stands still, so that the next one may begin. */
  async #live(fault: ProgramFault | null): Promise<Life<T>> {
    const others = this.#all.filter(({ end }) => end === null)
    const life = this.#begin(fault)
    if (others.length > 0) {
      for (const each of [life, ...others]) each.wasAlone = false
      for (const each of others) if (each.isJoined) each.wake('')
      await this.#interleaving.untilIdle(life.next)
      // It waits for a lock of who stands still, or for something else of it.
      if (life.isGoingOn) this.#wake(' until nobody could go on without it')
    }
    await this.#interleaving.until(life.next)
    if (life.end?.kind === 'error' && !life.isCutShort && life.wasAlone) throw life.end.error
    return life
  }

  #begin(fault: ProgramFault | null): Life<T> {
    const { world, program } = this
    const witness = (life: Life<T>): void => {
      // A fact is written by who comes to its sync next.
      for (const { hash } of world.disk.unsynced())
        if (!this.#authors.has(hash)) this.#authors.set(hash, life)
    }
    const name = `life ${this.#all.length + 1}`
    const life = new Life({ world, program, fault, interleaving: this.#interleaving, name, witness })
    this.#all.push(life)
    return life
  }

  #wake(until: string): void {
    for (const life of this.#all) life.wake(until)
  }
}
