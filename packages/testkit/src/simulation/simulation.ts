import type { RecordedFact } from '@coppice/core'
import { assertAsRecorded } from '../invariants/as-recorded.js'
import { SimulatedWorld } from '../world/simulated-world.js'
import type { Scheduler } from 'fast-check'
import { act } from './acts.js'
import { changeSnapshot } from './change-snapshot.js'
import { Chronicle } from './chronicle.js'
import { Interleaving } from './interleaving.js'
import { isEngineMove, tell, type EngineMove, type FateMove, type Move } from './move.js'
import { Session } from './session.js'

/** What was done, what came of it, and the facts that were recorded meanwhile. */
export interface Told {
  readonly move: string
  readonly outcome: string
  readonly facts: readonly RecordedFact[]
}

/** A world in which moves are made, one after the other or side by side, and all that happened in it. */
export class Simulation {
  readonly world: SimulatedWorld
  /** What the log says after the last move. */
  readonly chronicle: Chronicle
  readonly #interleaving: Interleaving
  readonly #sessions = new Map<number, Session>()
  readonly #told: Told[] = []
  #moves = 0
  #baseMovedIn = 0
  /** What nobody should ever meet: an error without a code. */
  #mistake: Error | null = null

  /** @param scheduler says whose step comes next where several things are under way; by default the oldest's */
  constructor(scheduler: Scheduler | null = null) {
    this.world = new SimulatedWorld({
      verifier: ({ command: [what = ''] }) => {
        if (what === 'meanwhile') this.#moveBase()
        return { exitCode: what === 'fails' ? 1 : 0 }
      },
    })
    this.chronicle = new Chronicle(this.world.disk)
    this.#interleaving = new Interleaving(this.world.clock, scheduler)
  }

  get told(): readonly Told[] {
    return this.#told
  }

  /** How many steps all processes have taken. */
  get steps(): number {
    return this.#interleaving.steps
  }

  async make(move: Move): Promise<void> {
    this.#moves += 1
    const outcome = await this.#make(move)
    this.#told.push({ move: tell(move), outcome, facts: this.chronicle.readOn() })
    if (this.#mistake !== null) throw this.#mistake
  }

  /**
   * Lets everything come to rest: who stands still goes on, all processes and agents end, and a new one recovers and repairs.
   *
   * @throws {BrokenPromise} when an engine knows anything else than the log says
   */
  async settle(): Promise<void> {
    for (const { steps } of this.#sessions.values()) {
      // A fault that was not come to by now never befalls anybody.
      steps.expect(null)
      steps.wake()
    }
    await this.#interleaving.untilIdle(new Promise(() => undefined))
    for (const process of this.#sessions.keys()) {
      await this.#requireAsRecorded(process)
      this.#kill(process)
    }
    this.world.agents.stopAll()
    await this.make({ do: 'recover', process: 0, fault: null, beside: false })
    await this.make({ do: 'repair', process: 0, fault: null, beside: false })
    await this.#requireAsRecorded(0)
  }

  /** An engine that has read on knows what the log says, whatever became of snapshots while it lived. */
  async #requireAsRecorded(process: number): Promise<void> {
    const known = await this.#sessionOf(process).known()
    this.chronicle.readOn()
    assertAsRecorded(known, this.chronicle.facts)
  }

  async #make(move: Move): Promise<string> {
    if (isEngineMove(move)) return this.#ask(move)
    if (move.do === 'change-snapshot') return changeSnapshot(this.world, move.to)
    if ('process' in move || move.do === 'cut-power') return this.#befall(move)
    const task = 'task' in move ? (this.chronicle.states.get(move.task) ?? null) : null
    return act(this.world, move, task, this.#moves)
  }

  async #ask(move: EngineMove): Promise<string> {
    const session = this.#sessionOf(move.process)
    session.steps.expect(move.fault)
    const end = this.#interleaving.begin()
    void session.died.then(end)
    const granted = session.grant(move).finally(end)
    granted.catch((error: unknown) => {
      this.#mistake ??= error instanceof Error ? error : new Error(String(error))
    })
    let outcome = move.beside ? 'begun' : 'it waits'
    const ended = Promise.race([granted.then((came) => (outcome = came)), session.died])
    if (!move.beside) await this.#interleaving.untilIdle(ended)
    return session.steps.trouble ?? outcome
  }

  /** Once in a move: a base that never rests would keep a merge going for ever. */
  #moveBase(): void {
    if (this.#baseMovedIn === this.#moves) return
    this.#baseMovedIn = this.#moves
    this.world.user.commit('main', { meanwhile: `of the base, ${this.#moves}` })
  }

  #befall(move: Exclude<FateMove, { readonly do: 'change-snapshot' }>): string {
    if (move.do === 'cut-power') {
      this.world.cutPower(move.kept)
      for (const process of this.#sessions.keys()) this.#kill(process)
    } else if (move.do === 'kill') this.#kill(move.process)
    else this.#sessions.get(move.process)?.steps.wake()
    return 'done'
  }

  #kill(process: number): void {
    this.#sessions.get(process)?.kill()
    this.#sessions.delete(process)
  }

  #sessionOf(process: number): Session {
    const running = this.#sessions.get(process)
    if (running !== undefined && !running.isDead) return running
    const session = new Session(this.world, this.#interleaving, `process ${process}`)
    this.#sessions.set(process, session)
    return session
  }
}
