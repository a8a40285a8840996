import { apply } from '../evolve/replay.js'
import type { RecordedFact } from '../facts/recorded-fact.js'
import type { EventLog } from '../ports/event-log.js'
import type { Snapshots } from '../ports/snapshots.js'
import type { TaskState } from '../task/state.js'

/** Rises whenever the shape of TaskState changes, so that an older snapshot is left aside. */
const SNAPSHOT_SCHEMA = 1

/** Facts that must have come since the last snapshot for a new one to be worth its cost. */
const SNAPSHOT_INTERVAL = 256

/** The fold of the log so far, kept up to date in log order. */
export class Projection {
  #states = new Map<string, TaskState>()
  #position = 0
  #hash = ''
  #snapshotPosition = 0
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly log: EventLog,
    private readonly onFact: (fact: RecordedFact) => void,
  ) {}

  /** The sequence of the last fact that is folded in; 0 before the first. */
  get position(): number {
    return this.#position
  }

  get(id: string): TaskState | null {
    return this.#states.get(id) ?? null
  }

  all(): TaskState[] {
    return [...this.#states.values()]
  }

  /** Folds in everything that the log has by now. */
  refresh(): Promise<void> {
    return this.#inOrder(async () => {
      for await (const fact of this.log.read(this.#position + 1)) this.#fold(fact)
    })
  }

  /** Folds in facts that were just appended; if others came before them, those are read first. */
  absorb(facts: readonly RecordedFact[]): Promise<void> {
    const first = facts[0]
    if (first === undefined) return Promise.resolve()
    return this.#inOrder(async () => {
      if (first.sequence > this.#position + 1) {
        for await (const fact of this.log.read(this.#position + 1)) this.#fold(fact)
      }
      for (const fact of facts) this.#fold(fact)
    })
  }

  /** Starts from a snapshot if there is one that belongs to this log, else from nothing. */
  async load(snapshots: Snapshots): Promise<void> {
    const snapshot = await snapshots.load()
    if (snapshot === null || snapshot.schema !== SNAPSHOT_SCHEMA) return
    for await (const fact of this.log.read(snapshot.sequence)) {
      if (fact.sequence !== snapshot.sequence || fact.hash !== snapshot.hash) return
      this.#states = new Map(snapshot.tasks.map((task) => [task.id, task]))
      this.#position = this.#snapshotPosition = snapshot.sequence
      this.#hash = snapshot.hash
      return
    }
  }

  async save(snapshots: Snapshots): Promise<void> {
    if (this.#position - this.#snapshotPosition < SNAPSHOT_INTERVAL) return
    await snapshots.save({
      schema: SNAPSHOT_SCHEMA,
      sequence: this.#position,
      hash: this.#hash,
      tasks: this.all(),
    })
    this.#snapshotPosition = this.#position
  }

  #fold(fact: RecordedFact): void {
    if (fact.sequence <= this.#position) return
    apply(this.#states, fact)
    this.#position = fact.sequence
    this.#hash = fact.hash
    this.onFact(fact)
  }

  /** One reader at a time, so that facts are folded and told of in log order. */
  #inOrder(work: () => Promise<void>): Promise<void> {
    const result = this.#queue.then(work)
    // The caller gets the error through `result`; the queue itself goes on.
    this.#queue = result.catch(() => undefined)
    return result
  }
}
