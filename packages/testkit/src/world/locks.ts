import type { Lock, Locks } from '@coppice/core'
import { never } from './steps.js'

interface Waiting {
  readonly holder: string
  readonly take: () => void
}

/** The named locks of a machine, first come, first served. The kernel frees what a process held when it is killed. */
export class LockTable {
  /** The process that holds each lock. */
  readonly #holders = new Map<string, string>()
  readonly #waiting = new Map<string, Waiting[]>()
  readonly #dead = new Set<string>()

  /** The locks as one process sees them, which has a name of its own. */
  openFor(holder: string): Locks {
    return {
      acquire: (name, signal) => (this.#dead.has(holder) ? never() : this.#acquire(name, holder, signal)),
      tryAcquire: async (name) => {
        if (this.#dead.has(holder)) return never()
        return this.#holders.has(name) ? null : this.#take(name, holder)
      },
    }
  }

  /** Frees all that a process holds, which waits for nothing any more and takes nothing any more. */
  free(holder: string): void {
    this.#dead.add(holder)
    for (const [name, queue] of this.#waiting) {
      this.#waiting.set(
        name,
        queue.filter((waiting) => waiting.holder !== holder),
      )
    }
    for (const [name, by] of this.#holders) if (by === holder) this.#passOn(name)
  }

  /** What is held just now, and by whom. */
  held(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#holders)
  }

  async #acquire(name: string, holder: string, signal?: AbortSignal): Promise<Lock> {
    signal?.throwIfAborted()
    if (!this.#holders.has(name)) return this.#take(name, holder)
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(name) ?? []
      const abort = (): void => {
        this.#waiting.set(
          name,
          (this.#waiting.get(name) ?? []).filter((each) => each !== waiting),
        )
        reject(signal?.reason as Error)
      }
      const take = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve(this.#take(name, holder))
      }
      const waiting = { holder, take }
      this.#waiting.set(name, [...queue, waiting])
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  #take(name: string, holder: string): Lock {
    this.#holders.set(name, holder)
    let isHeld = true
    return {
      release: async () => {
        // A process that was killed releases nothing, for others may hold the lock by now.
        if (isHeld && this.#holders.get(name) === holder) this.#passOn(name)
        isHeld = false
      },
    }
  }

  #passOn(name: string): void {
    const [next, ...rest] = this.#waiting.get(name) ?? []
    this.#holders.delete(name)
    if (rest.length > 0) this.#waiting.set(name, rest)
    else this.#waiting.delete(name)
    next?.take()
  }
}
