import type { RecordedFact } from '@coppice/core'
import { deepFreeze } from '../arbitraries/deep-freeze.js'
import { LockTable } from '../world/locks.js'

/**
 * The disk that a log is on, as all processes of a machine see it. What was written is there for everybody, and outlives a
 * process that is killed; what was synced outlives a power cut.
 */
export class LogDisk {
  /** For processes that bring no locks of their own. */
  readonly locks = new LockTable()
  /** Each fact as text, of which every reader makes one of its own. */
  #written: string[] = []
  /** The same facts, frozen, for whoever only looks. */
  #facts: RecordedFact[] = []
  #synced = 0
  /** What the facts that were written make of each stream. */
  readonly #versions = new Map<string, number>()
  #hash = ''
  readonly #waiting = new Set<() => void>()

  /** How many facts were written. */
  get written(): number {
    return this.#written.length
  }

  /** How many of them are durable. */
  get synced(): number {
    return this.#synced
  }

  /** The hash of the last record that was written; empty before the first. */
  get hash(): string {
    return this.#hash
  }

  /** How many facts were written of a stream. */
  version(stream: string): number {
    return this.#versions.get(stream) ?? 0
  }

  write(facts: readonly RecordedFact[]): void {
    for (const fact of facts) {
      const text = JSON.stringify(fact)
      this.#written.push(text)
      this.#facts.push(deepFreeze(JSON.parse(text) as RecordedFact))
      this.#versions.set(fact.stream, fact.version)
      this.#hash = fact.hash
    }
  }

  /** Makes durable whatever was written, and wakes those who follow. */
  sync(): void {
    if (this.#synced === this.#written.length) return
    this.#synced = this.#written.length
    for (const wake of this.#waiting) wake()
  }

  /** The durable facts from a position on, as they are now; each of them a copy. */
  *read(from: number, stream?: string): Generator<RecordedFact, void> {
    const last = this.#synced
    for (let index = Math.max(from, 1) - 1; index < last; index++) {
      const fact = JSON.parse(this.#written[index] ?? '') as RecordedFact
      if (stream === undefined || fact.stream === stream) yield fact
    }
  }

  /** All that was written, durable or not; frozen. */
  all(): readonly RecordedFact[] {
    return this.after(0)
  }

  /** What was written and not synced; frozen. */
  unsynced(): readonly RecordedFact[] {
    return this.after(this.#synced)
  }

  /** What was written after the first so many facts, durable or not; frozen. */
  after(count: number): readonly RecordedFact[] {
    return this.#facts.slice(count)
  }

  /** The fact of a sequence, durable or not; null where there is none. */
  at(sequence: number): RecordedFact | null {
    return this.#facts[sequence - 1] ?? null
  }

  /**
   * Takes back what was not synced: after a power cut, or when a sync failed.
   *
   * @param kept facts of it that survive, the oldest first
   */
  dropUnsynced(kept = 0): void {
    const facts = this.#facts.slice(0, this.#synced + kept)
    this.#written = []
    this.#facts = []
    this.#versions.clear()
    this.#hash = ''
    this.write(facts)
    this.#synced = Math.min(this.#synced, facts.length)
    this.sync()
  }

  /** Resolves when there are more durable facts than somebody has seen, or on abort. */
  async moreThan(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#synced > seen || signal.aborted) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
