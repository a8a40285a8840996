import type { Engine } from '@coppice/core'

/**
 * Has the engine take checkpoints of what has changed, again and again while the repository is open, so that a worktree
 * that somebody deletes takes no more with it than what was done since the last one. It keeps no process alive.
 */
export class RegularCheckpoints {
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()

  /** @param milliseconds from the end of one round to the next; 0 for none at all */
  constructor(
    private readonly engine: Engine,
    private readonly milliseconds: number,
  ) {
    this.#wait()
  }

  /** Ends a round that is under way. Rejects with what ended the rounds before their time. */
  async stop(): Promise<void> {
    this.#controller.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  #wait(): void {
    if (this.milliseconds === 0 || this.#controller.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#running = this.#round()
    }, this.milliseconds).unref()
  }

  /** A log that cannot be read any more surfaces as an unhandled rejection: nobody should take its silence for safety. */
  async #round(): Promise<void> {
    await this.engine.checkpointActive(this.#controller.signal)
    this.#wait()
  }
}
