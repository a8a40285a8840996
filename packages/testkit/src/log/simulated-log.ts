import { createHash } from 'node:crypto'
import {
  LogClosedError,
  matchesExpectedVersion,
  VersionConflictError,
  withLock,
  type EventLog,
  type ExpectedVersion,
  type Fact,
  type Locks,
  type RecordedFact,
} from '@coppice/core'
import { UNDISTURBED, type Steps } from '../world/steps.js'
import { Following } from './following.js'
import type { LogDisk } from './log-disk.js'

export interface SimulatedLogOptions {
  /** Shared by all processes. */
  readonly disk: LogDisk
  /** The locks as this process sees them; by default those of the disk, as one that is never killed. */
  readonly locks?: Locks
  /** What becomes of this process, step by step; by default nothing. */
  readonly steps?: Steps
}

/**
 * One process's handle on a log that several share. An append passes three steps: `log: write`, `log: sync` and
 * `log: acknowledge`. A process that is killed before the sync leaves facts that are written and not durable; whoever
 * opens or appends next makes them durable, as long as the power stays on. A step that rejects before the acknowledgement
 * takes the append back; at the acknowledgement the facts are in the log, and only the caller does not know.
 */
export class SimulatedLog implements EventLog {
  readonly #disk: LogDisk
  readonly #locks: Locks
  readonly #steps: Steps
  readonly #closed = new AbortController()
  readonly #underWay = new Set<Promise<unknown>>()

  constructor({ disk, locks, steps }: SimulatedLogOptions) {
    this.#disk = disk
    this.#locks = locks ?? disk.locks.openFor('whoever is never killed')
    this.#steps = steps ?? UNDISTURBED
  }

  async append(
    stream: string,
    facts: readonly Fact[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    if (this.#closed.signal.aborted) throw new LogClosedError()
    // As they are now; whoever gave them may change them later.
    const texts = facts.map((fact) => JSON.stringify(fact))
    const append = this.#append(stream, texts, expected)
    this.#underWay.add(append)
    try {
      return await append
    } finally {
      this.#underWay.delete(append)
    }
  }

  async *read(from = 1): AsyncGenerator<RecordedFact, void> {
    await this.#confirm()
    yield* this.#disk.read(from)
  }

  async *readStream(stream: string): AsyncGenerator<RecordedFact, void> {
    await this.#confirm()
    yield* this.#disk.read(1, stream)
  }

  subscribe(from = 1, signal?: AbortSignal): AsyncIterable<RecordedFact> {
    const signals = signal === undefined ? [this.#closed.signal] : [this.#closed.signal, signal]
    return new Following(this.#disk, this.#steps, from, signals)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await Promise.allSettled(this.#underWay)
  }

  async #append(
    stream: string,
    texts: readonly string[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    const recorded = await withLock(this.#locks, LOCK, undefined, async () => {
      const version = this.#disk.version(stream)
      if (!matchesExpectedVersion(version, expected))
        throw new VersionConflictError(stream, expected, version)
      if (texts.length === 0) return []
      const records = this.#record(stream, version, texts)
      await this.#steps.step('log: write')
      this.#disk.write(records)
      await this.#sync()
      return records
    })
    if (recorded.length > 0) await this.#steps.step('log: acknowledge')
    return recorded
  }

  /** What cannot be synced is not in the log, whatever of it was written. */
  async #sync(): Promise<void> {
    try {
      await this.#steps.step('log: sync')
    } catch (error) {
      this.#disk.dropUnsynced()
      throw error
    }
    this.#disk.sync()
  }

  /** Makes durable what a killed process has only written, unless somebody is about to do that. */
  async #confirm(): Promise<void> {
    if (this.#disk.written === this.#disk.synced) return
    const lock = await this.#locks.tryAcquire(LOCK)
    if (lock === null) return
    try {
      await this.#steps.step('log: sync what is there')
      this.#disk.sync()
    } finally {
      await lock.release()
    }
  }

  #record(stream: string, version: number, texts: readonly string[]): readonly RecordedFact[] {
    let { hash } = this.#disk
    return texts.map((text, index) => {
      const place = { stream, sequence: this.#disk.written + index + 1, version: version + index + 1 }
      hash = createHash('sha1').update(`${hash}\n${place.sequence} ${stream}\n${text}`).digest('hex')
      return { ...(JSON.parse(text) as Fact), ...place, hash }
    })
  }
}

/** Held for one append. */
const LOCK = 'log'
