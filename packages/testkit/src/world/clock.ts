import type { Clock } from '@coppice/core'

export interface SimulatedClockOptions {
  /** ISO 8601; the first moment. */
  readonly start?: string
  /** `manual`: time passes when it is advanced. `jumping`: when nobody can go on, it is at once when the next sleeper wakes. */
  readonly mode?: 'manual' | 'jumping'
}

interface Sleeper {
  readonly wakesAt: number
  readonly wake: () => void
}

/** Time that passes only when it is told to, or when everybody sleeps. All processes of a world have the same. */
export class SimulatedClock implements Clock {
  readonly #mode: 'manual' | 'jumping'
  #now: number
  /** By the time at which they wake, and those of the same time in the order in which they lay down. */
  readonly #sleepers: Sleeper[] = []
  #isJumping = false

  constructor({ start = '2026-01-02T03:04:05.000Z', mode = 'jumping' }: SimulatedClockOptions = {}) {
    this.#now = Date.parse(start)
    this.#mode = mode
  }

  now(): string {
    return new Date(this.#now).toISOString()
  }

  /** How many sleep just now. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      const abort = (): void => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1)
        reject(signal?.reason as Error)
      }
      const wake = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const sleeper = { wakesAt: this.#now + Math.max(0, milliseconds), wake }
      const later = this.#sleepers.findIndex(({ wakesAt }) => wakesAt > sleeper.wakesAt)
      this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, sleeper)
      signal?.addEventListener('abort', abort, { once: true })
      if (this.#mode === 'jumping') void this.#jump()
    })
  }

  /**
   * Lets time pass, and wakes each who would have woken meanwhile, at its own time. Resolves when nobody can go on any more
   * without more time.
   */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    await everybodyElse()
    for (
      let next = this.#sleepers[0];
      next !== undefined && next.wakesAt <= until;
      next = this.#sleepers[0]
    ) {
      this.#wakeNext()
      await everybodyElse()
    }
    this.#now = Math.max(this.#now, until)
  }

  #wakeNext(): void {
    const next = this.#sleepers.shift()
    if (next === undefined) return
    this.#now = Math.max(this.#now, next.wakesAt)
    next.wake()
  }

  /** Wakes one sleeper after the other, each when nobody who is awake can go on. */
  async #jump(): Promise<void> {
    if (this.#isJumping) return
    this.#isJumping = true
    while (this.#sleepers.length > 0) {
      await everybodyElse()
      this.#wakeNext()
    }
    this.#isJumping = false
  }
}

/** Resolves when all that can go on without time passing has gone on. */
function everybodyElse(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
