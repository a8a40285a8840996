import type { Lock, Locks } from '@coppice/core'

/** Locks within one process, first come, first served. */
export class MemoryLocks implements Locks {
  readonly #waiting = new Map<string, (() => void)[]>()

  async acquire(name: string, signal?: AbortSignal): Promise<Lock> {
    signal?.throwIfAborted()
    const queue = this.#waiting.get(name)
    if (queue === undefined) return this.#take(name)
    await new Promise<void>((resolve, reject) => {
      queue.push(resolve)
      signal?.addEventListener('abort', () => {
        const place = queue.indexOf(resolve)
        if (place < 0) return
        queue.splice(place, 1)
        reject(signal.reason as Error)
      })
    })
    return this.#lock(name)
  }

  async tryAcquire(name: string): Promise<Lock | null> {
    return this.#waiting.has(name) ? null : this.#take(name)
  }

  #take(name: string): Lock {
    this.#waiting.set(name, [])
    return this.#lock(name)
  }

  #lock(name: string): Lock {
    const release = async (): Promise<void> => {
      const next = this.#waiting.get(name)?.shift()
      if (next === undefined) this.#waiting.delete(name)
      else next()
    }
    return { release }
  }
}
