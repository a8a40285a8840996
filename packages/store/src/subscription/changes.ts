/** Counts the changes of a log and wakes those who wait for the next one. */
export class Changes {
  #count = 0
  readonly #waiting = new Set<() => void>()

  get count(): number {
    return this.#count
  }

  notify(): void {
    this.#count += 1
    for (const wake of this.#waiting) wake()
  }

  /** Resolves once there was a change after the one that was seen, after so many milliseconds, or on abort. */
  after(seen: number, milliseconds: number | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count !== seen || signal.aborted) return resolve()
      const wake = (): void => {
        this.#waiting.delete(wake)
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = milliseconds === null ? undefined : setTimeout(wake, milliseconds)
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
