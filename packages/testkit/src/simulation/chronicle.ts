import { apply, type RecordedFact, type TaskState } from '@coppice/core'
import type { LogDisk } from '../log/log-disk.js'

/** What a log says, read on as it grows, and anew when a power cut has taken some of it back. */
export class Chronicle {
  #facts: RecordedFact[] = []
  #states = new Map<string, TaskState>()

  constructor(private readonly disk: LogDisk) {}

  /** Every fact that was written, those included that are not durable yet. */
  get facts(): readonly RecordedFact[] {
    return this.#facts
  }

  /** Every task's state after them, by id. */
  get states(): ReadonlyMap<string, TaskState> {
    return this.#states
  }

  /** Reads on; answers with the facts that are new. */
  readOn(): readonly RecordedFact[] {
    const last = this.#facts.at(-1)
    if (last !== undefined && this.disk.at(last.sequence)?.hash !== last.hash) this.#startAnew()
    const fresh = this.disk.after(this.#facts.length)
    for (const fact of fresh) apply(this.#states, fact)
    this.#facts.push(...fresh)
    return fresh
  }

  #startAnew(): void {
    this.#facts = []
    this.#states = new Map()
  }
}
