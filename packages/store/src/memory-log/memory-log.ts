import {
  LogClosedError,
  matchesExpectedVersion,
  VersionConflictError,
  type EventLog,
  type ExpectedVersion,
  type Fact,
  type RecordedFact,
} from '@coppice/core'
import { encodeAppend } from '../format/append.js'
import { factJson, sizeOf } from '../format/fact-json.js'
import { GENESIS_HASH } from '../format/line.js'
import { plainCopy } from '../format/plain-copy.js'
import { SealedLines } from '../format/sealed-lines.js'
import { Changes } from '../subscription/changes.js'
import { follow } from '../subscription/follow.js'
import { Subscription } from '../subscription/subscription.js'

/** A log that lives as long as its process; for tests and simulations. Its hashes are those of the file log. */
export class MemoryLog implements EventLog {
  readonly #facts: RecordedFact[] = []
  readonly #versions = new Map<string, number>()
  readonly #changes = new Changes()
  readonly #closed = new AbortController()

  async append(
    stream: string,
    facts: readonly Fact[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    if (this.#closed.signal.aborted) throw new LogClosedError()
    const json = facts.map((fact) => factJson(stream, fact))
    const version = this.#versions.get(stream) ?? 0
    if (!matchesExpectedVersion(version, expected)) throw new VersionConflictError(stream, expected, version)
    const sequence = this.#facts.length
    const lines = new SealedLines(this.#facts.at(-1)?.hash ?? GENESIS_HASH, sizeOf(json))
    const recorded = encodeAppend(lines, stream, json, { sequence, version, synced: sequence })
    this.#facts.push(...recorded.map(copyOf))
    this.#versions.set(stream, version + recorded.length)
    this.#changes.notify()
    return recorded
  }

  async *read(from = 1): AsyncGenerator<RecordedFact, void> {
    const last = this.#facts.length
    for (const fact of this.#facts.slice(Math.max(from, 1) - 1, last)) yield copyOf(fact)
  }

  async *readStream(stream: string): AsyncGenerator<RecordedFact, void> {
    for (const fact of this.#facts) if (fact.stream === stream) yield copyOf(fact)
  }

  subscribe(from = 1, signal?: AbortSignal): AsyncIterable<RecordedFact> {
    const read = (next: number): AsyncIterable<RecordedFact> => this.read(next)
    const following = { read, changes: this.#changes, pollMs: null }
    return new Subscription((ended) => follow({ ...following, ended }, from), [signal, this.#closed.signal])
  }

  async close(): Promise<void> {
    this.#closed.abort()
  }
}

/** Whoever changes a fact that it was given changes nothing in the log. */
function copyOf(fact: RecordedFact): RecordedFact {
  const { data } = fact
  return { ...fact, data: plainCopy(data) ?? (JSON.parse(JSON.stringify(data)) as unknown) } as RecordedFact
}
