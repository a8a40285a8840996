import { Engine, isCoppiceError, type MergeStrategy, type Request, type TaskState } from '@coppice/core'
import type { SimulatedProcess, SimulatedWorld } from '../world/simulated-world.js'
import { DisturbedSteps, SimulatedFailure } from './disturbed-steps.js'
import type { Interleaving } from './interleaving.js'
import type { EngineWish } from './move.js'

/** A process with an engine in it, from its start to its death. */
export class Session {
  readonly steps: DisturbedSteps
  readonly #process: SimulatedProcess
  #engine: Promise<Engine> | null = null
  #isDead = false
  #die: () => void = () => undefined
  /** Resolves when it is killed. */
  readonly died = new Promise<void>((resolve) => (this.#die = resolve))

  constructor(
    private readonly world: SimulatedWorld,
    interleaving: Interleaving,
    name: string,
  ) {
    this.steps = new DisturbedSteps(
      (step) => interleaving.turn(`${name}: ${step}`),
      () => this.kill(),
    )
    this.#process = world.start(this.steps)
  }

  get isDead(): boolean {
    return this.#isDead
  }

  kill(): void {
    this.#isDead = true
    this.#process.kill()
    this.#die()
  }

  /** The engine, which recovers when it is opened, as who opens a repository has it do. */
  engine(): Promise<Engine> {
    this.#engine ??= this.#open()
    // An opening that failed is tried again by the next who asks.
    this.#engine.catch(() => (this.#engine = null))
    return this.#engine
  }

  /**
   * Has the engine do what is wished for.
   *
   * @returns what came of it, in words
   * @throws what no engine should throw
   */
  async grant(wish: EngineWish): Promise<string> {
    try {
      const engine = await this.engine()
      await this.#ask(engine, wish)
      return 'done'
    } catch (error) {
      if (error instanceof SimulatedFailure) return 'failed'
      if (isCoppiceError(error)) return `refused: ${error.code}`
      throw error
    }
  }

  /** All tasks as the engine knows them when it has read on. */
  async known(): Promise<readonly TaskState[]> {
    const engine = await this.engine()
    await engine.refresh()
    try {
      return engine.tasks()
    } catch (error) {
      if (!isCoppiceError(error, 'snapshot-lost')) throw error
      await engine.refresh()
      return engine.tasks()
    }
  }

  async #open(): Promise<Engine> {
    const engine = await Engine.open(this.#process.ports)
    await engine.recover()
    return engine
  }

  async #ask(engine: Engine, wish: EngineWish): Promise<unknown> {
    switch (wish.do) {
      case 'create':
        return engine.create({ id: wish.task })
      case 'checkpoint':
        return engine.checkpoint(wish.task, 'as far as it is')
      case 'merge':
        return engine.command(wish.task, mergeOf(wish.strategy, wish.verify))
      case 'park':
      case 'abandon':
        return engine.command(wish.task, { type: `task.${wish.do}`, data: { reason: null } })
      case 'resume':
      case 'restore':
        return engine.command(wish.task, { type: `task.${wish.do}`, data: {} })
      case 'start-agent':
        return this.#startAgent(engine, wish.task)
      case 'recover':
        return engine.recover()
      case 'repair':
        return engine.repair(false)
    }
  }

  /** Nobody waits for the agent: what becomes of it is found out later. */
  async #startAgent(engine: Engine, task: string): Promise<void> {
    const watch = await engine.startAgent(task, async () => this.world.agents.start(`agent of ${task}`))
    await watch.release()
  }
}

function mergeOf(strategy: MergeStrategy, verify: string | null): Request<'task.merge'> {
  const command = verify === null ? null : [verify]
  return { type: 'task.merge', data: { strategy, into: 'main', verify: command, message: null } }
}
