/**
 * Where a simulated process can be interrupted. It passes a step before each thing that it does to the world, so that
 * whoever runs the simulation decides what becomes of it: the step resolves and the process goes on, now or later; it
 * rejects, and what was about to be done has failed; or it never settles, and the process was killed just there.
 */
export interface Steps {
  /** @param name what is about to be done, as in `land: move the target` */
  step(name: string): Promise<void>
}

const NOW = Promise.resolve()

/** Nothing ever happens to a process with these steps. */
export const UNDISTURBED: Steps = { step: () => NOW }

/** Steps that end for good: whoever is at one, or comes to one, after the end never goes on. */
export class MortalSteps implements Steps {
  #isOver = false

  constructor(private readonly steps: Steps) {}

  async step(name: string): Promise<void> {
    if (this.#isOver) return never()
    try {
      await this.steps.step(name)
    } catch (error) {
      // The dead handle no errors either.
      if (!this.#isOver) throw error
    }
    if (this.#isOver) return never()
  }

  end(): void {
    this.#isOver = true
  }
}

/** What a killed process waits for. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}
