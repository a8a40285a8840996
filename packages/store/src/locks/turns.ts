/** Gives each name to one taker at a time, first come first served, within this process. */
export class Turns {
  /** A name is here while it is taken, with those who wait for it. */
  readonly #waiting = new Map<string, (() => void)[]>()

  tryTake(name: string): boolean {
    if (this.#waiting.has(name)) return false
    this.#waiting.set(name, [])
    return true
  }

  take(name: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      if (this.tryTake(name)) return resolve()
      const waiting = this.#waiting.get(name) ?? []
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(onTurn), 1)
        reject(signal?.reason)
      }
      const onTurn = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      waiting.push(onTurn)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  give(name: string): void {
    const next = this.#waiting.get(name)?.shift()
    if (next === undefined) this.#waiting.delete(name)
    else next()
  }
}
