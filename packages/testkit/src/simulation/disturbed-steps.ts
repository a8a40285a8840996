import { never, type Steps } from '../world/steps.js'
import type { ProgramFault } from './program-fault.js'

/** What a step that was made to fail rejects with. */
export class SimulatedFailure extends Error {
  override readonly name = 'SimulatedFailure'
}

/** The steps of one process: each waits for its turn among the others', and one of them may not go well. */
export class DisturbedSteps implements Steps {
  #fault: ProgramFault | null = null
  #taken = 0
  #paused: (() => void)[] = []
  /** What happened last, in words; null for nothing. */
  trouble: string | null = null

  /**
   * @param turn resolves when it is this process's turn
   * @param kill kills the process
   * @param pause is told that the process stands still from now on
   */
  constructor(
    private readonly turn: (name: string) => Promise<void>,
    private readonly kill: () => void,
    private readonly pause: () => void = () => undefined,
  ) {}

  /** Counts from here on, up to a fault. */
  expect(fault: ProgramFault | null): void {
    this.#fault = fault
    this.#taken = 0
    this.trouble = null
  }

  async step(name: string): Promise<void> {
    await this.turn(name)
    this.#taken += 1
    if (this.#fault?.step !== this.#taken) return
    const { kind } = this.#fault
    this.#fault = null
    if (kind === 'crash') return this.#crash(name)
    if (kind === 'pause') return this.#pause(`paused before “${name}”`)
    if (kind === 'beside') return this.#pause(`joined by another before “${name}”`)
    this.trouble = `failed at “${name}”`
    throw new SimulatedFailure(`the step “${name}” was made to fail`)
  }

  /** All that stands still goes on. */
  wake(): void {
    for (const goOn of this.#paused.splice(0)) goOn()
  }

  #crash(name: string): Promise<never> {
    this.trouble = `killed before “${name}”`
    this.kill()
    return never()
  }

  #pause(trouble: string): Promise<void> {
    this.trouble = trouble
    this.pause()
    return new Promise((resolve) => {
      this.#paused.push(resolve)
    })
  }
}
