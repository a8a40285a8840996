import type { Scheduler } from 'fast-check'
import type { SimulatedClock } from '../world/clock.js'

/** Decides in which order the steps of what is under way at the same time are taken. */
export class Interleaving {
  #underWay = 0
  /** Steps that were taken. */
  steps = 0

  constructor(
    private readonly clock: SimulatedClock,
    private readonly scheduler: Scheduler | null,
  ) {}

  /** Resolves when a step may be taken: at once, where nothing else is under way. */
  async turn(label: string): Promise<void> {
    this.steps += 1
    if (this.#underWay > 1 && this.scheduler !== null) await this.scheduler.schedule(Promise.resolve(), label)
  }

  /** Begins something of which the steps take turns with those of all else that is under way. */
  begin(): () => void {
    this.#underWay += 1
    let isOver = false
    return () => {
      if (!isOver) this.#underWay -= 1
      isOver = true
    }
  }

  /** Resolves when something has ended, or nothing goes on any more: all is done, or waits for somebody who stands still. */
  async untilIdle(ended: Promise<unknown>): Promise<void> {
    const over = new AbortController()
    const end = (): void => over.abort()
    void ended.then(end, end)
    for (let before = -1; !over.signal.aborted && (before !== this.steps || this.#isBusy);) {
      before = this.steps
      if ((this.scheduler?.count() ?? 0) > 0) await this.scheduler?.waitNext(1)
      await nothingLeft()
    }
  }

  /** Resolves when something has ended, however long that takes. */
  async until(ended: Promise<unknown>): Promise<void> {
    await (this.scheduler === null ? ended : this.scheduler.waitFor(ended))
  }

  get #isBusy(): boolean {
    return (this.scheduler?.count() ?? 0) > 0 || this.clock.sleeping > 0
  }
}

/** Resolves when all that can go on by itself has gone on. */
function nothingLeft(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
