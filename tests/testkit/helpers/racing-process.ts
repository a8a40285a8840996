import { Engine, isCoppiceError } from '@coppice/core'
import { SimulatedFailure, type Fault, type SimulatedWorld } from '@coppice/testkit'
import { DisturbedSteps } from '../../../packages/testkit/src/simulation/disturbed-steps.js'

/** A process with an engine that takes its steps in turn with others; when it is killed, another one recovers. */
export class RacingProcess {
  readonly #engine: Promise<Engine>
  readonly #died: Promise<null>
  #recovered: Promise<void> = Promise.resolve()

  /**
   * @param turn resolves when a step may be taken
   * @param fault what befalls the process
   */
  constructor(world: SimulatedWorld, turn: (name: string) => Promise<void>, fault: Fault | null) {
    let die: () => void = () => undefined
    this.#died = new Promise((resolve) => (die = () => resolve(null)))
    const steps = new DisturbedSteps(turn, () => {
      process.kill()
      this.#recovered = recover(world, turn)
      die()
    })
    const process = world.start(steps)
    this.#engine = Engine.open(process.ports)
    steps.expect(fault)
  }

  /** What comes of something that is asked of the engine; null where it was refused, failed, or was never answered. */
  ask<T>(wish: (engine: Engine) => Promise<T>): Promise<T | null> {
    const answer = this.#engine.then(wish).catch((error: unknown) => {
      if (error instanceof SimulatedFailure || isCoppiceError(error)) return null
      throw error
    })
    return Promise.race([answer, this.#died])
  }

  /** Resolves when the process that has followed a killed one has recovered. */
  recovered(): Promise<void> {
    return this.#recovered
  }
}

async function recover(world: SimulatedWorld, turn: (name: string) => Promise<void>): Promise<void> {
  const engine = await Engine.open(world.start({ step: turn }).ports)
  await engine.recover()
}
