/**
 * The life of one simulated process. Whatever it does to the world passes a step before and after; at the step
 * where it dies, and ever after, nothing of it goes on: a killed process runs no handlers either.
 */
export class Life {
  readonly died: Promise<void>
  #steps = 0
  #end: () => void = () => undefined

  constructor(private readonly diesAt: number) {
    this.died = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** Steps lived so far. */
  get steps(): number {
    return this.#steps
  }

  async step(): Promise<void> {
    this.#steps += 1
    if (this.#steps < this.diesAt) return
    this.#end()
    await new Promise<never>(() => undefined)
  }
}
