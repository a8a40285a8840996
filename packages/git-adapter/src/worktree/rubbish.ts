import { withLock, type Locks } from '@coppice/core'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isThere } from '../files/look.js'
import { deleteThrown } from './delete-thrown.js'
import { tidyUp } from './layout.js'

/** Held by whoever deletes what lies in the trash, or makes something of it. */
export const TRASH_LOCK = 'trash'

/** What has become of something that was thrown away. */
export interface Reused {
  readonly isUsed: boolean
  /** What was taken out of it, in the trash by now. */
  readonly left: readonly string[]
}

type Reuse = (path: string) => Promise<Reused>

const NOTHING: Reused = { isUsed: false, left: [] }

/**
 * Deletes what was thrown away and is pinned: one after the other, behind the back of whoever threw it away where that one need not
 * wait. What a process leaves that ends before, the next one deletes that opens the repository.
 */
export class Rubbish {
  readonly #locks: Locks
  readonly #isPatient: boolean
  readonly #waiting = new Set<string>()
  #running: Promise<void> = Promise.resolve()
  #reuse: Reuse = () => Promise.resolve(NOTHING)
  #reusedAt = Number.NEGATIVE_INFINITY
  readonly #expecting = new Set<() => void>()

  /** @param isPatient whether those who throw away wait until it is deleted */
  constructor(locks: Locks, isPatient: boolean) {
    this.#locks = locks
    this.#isPatient = isPatient
  }

  /** Has something made of what is thrown away, where it can be, before it is deleted. It is done under the trash's lock. */
  use(reuse: Reuse): void {
    this.#reuse = reuse
  }

  /** Deletes directories of the trash. Nothing in them matters. */
  async delete(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return
    for (const path of paths) this.#waiting.add(path)
    const deletion = this.#running.then(() => this.#deleteAll(paths))
    this.#running = deletion.catch((error: unknown) => {
      if (!this.#isPatient) process.emitWarning(error as Error)
    })
    if (this.#isPatient) await deletion
  }

  /**
   * Waits until something was made of what lies there, or nothing could be, and no longer than so many milliseconds. Of several who
   * wait, one goes on each time.
   */
  async nextReuse(patienceMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#waiting.size === 0) return
    const over = new AbortController()
    let goOn = (): void => undefined
    const turn = new Promise<void>((resolve) => (goOn = resolve))
    this.#expecting.add(goOn)
    const signals = signal === undefined ? [over.signal] : [over.signal, signal]
    const patience = delay(patienceMs, undefined, { signal: AbortSignal.any(signals) })
    try {
      await Promise.race([turn, patience.catch(() => undefined)])
    } finally {
      this.#expecting.delete(goOn)
      over.abort()
    }
  }

  /** Milliseconds since something was last made of what lay there. */
  get sinceReuseMs(): number {
    return performance.now() - this.#reusedAt
  }

  /** What is about to be deleted. */
  get paths(): ReadonlySet<string> {
    return this.#waiting
  }

  /** Resolves when everything is deleted that was thrown away so far. */
  settled(): Promise<void> {
    return this.#running
  }

  async #deleteAll(paths: readonly string[]): Promise<void> {
    const failures: unknown[] = []
    for (const path of paths) {
      await this.#deleteOne(path).catch((error: unknown) => failures.push(error))
      this.#waiting.delete(path)
    }
    // Nothing more comes that they could wait for.
    if (this.#waiting.size === 0) this.#letGo(this.#expecting.size)
    if (failures.length > 0) throw failures[0]
  }

  #letGo(count: number): void {
    for (const goOn of [...this.#expecting].slice(0, count)) {
      this.#expecting.delete(goOn)
      goOn()
    }
  }

  async #deleteOne(path: string): Promise<void> {
    await withLock(this.#locks, TRASH_LOCK, undefined, async () => {
      const { isUsed, left } = (await isThere(path)) ? await this.#reuse(path) : NOTHING
      if (isUsed) this.#reusedAt = performance.now()
      this.#letGo(1)
      await deleteThrown([path, ...left])
    })
    await tidyUp(dirname(path))
  }
}
