import { evolve } from '../evolve/evolve.js'
import type { RecordedFact } from '../facts/recorded-fact.js'
import type { Snapshots, TaskEntry } from '../ports/snapshots.js'
import type { TaskState } from '../task/state.js'
import { isFinished, type TaskStatus } from '../task/status.js'
import { taskOf } from '../task/task-id.js'
import { isDone } from './is-done.js'

/** What a save has to write, and how that was held. */
export interface Taken {
  readonly live: readonly TaskEntry[]
  readonly done: ReadonlyMap<string, TaskEntry>
  readonly texts: ReadonlyMap<string, string>
}

/**
 * The newest state of every task. Only what is live is held whole; a task that is done is held as text until the next
 * snapshot has it, and then not at all.
 */
export class TaskTable {
  readonly #live = new Map<string, TaskEntry>()
  /** Done since the last save, as JSON. */
  readonly #done = new Map<string, string>()
  /** Was done once and came back, so that what a caller knows of it may be old. */
  readonly #revived = new Set<string>()

  /** @param archive what was done at the last save; null where there are no snapshots */
  constructor(
    private readonly archive: Pick<Snapshots, 'find' | 'done'> | null,
    live: readonly TaskEntry[] = [],
  ) {
    for (const entry of live) this.#live.set(entry.task.id, entry)
  }

  /** @throws {SnapshotLostError} when it speaks of a task that cannot be read any more; nothing has changed then */
  fold(fact: RecordedFact): void {
    const id = taskOf(fact.stream)
    if (id === null) return
    const before = fact.version === 1 ? null : this.#find(id)
    const task = evolve(before?.task ?? null, fact)
    const entry = { first: before?.first ?? fact.sequence, task }
    if (isDone(task)) {
      this.#live.delete(id)
      this.#done.set(id, JSON.stringify(entry))
    } else {
      if (before !== null && !this.#live.has(id)) this.#revived.add(id)
      this.#done.delete(id)
      this.#live.set(id, entry)
    }
  }

  /**
   * @param known a state of it that was found earlier; while it holds, nothing has to be looked up
   * @throws {SnapshotLostError}
   */
  find(id: string, known?: TaskState): TaskState | null {
    if (known !== undefined && isDone(known) && !this.#revived.has(id)) return known
    return this.#find(id)?.task ?? null
  }

  /**
   * In the order of their requests.
   *
   * @throws {SnapshotLostError} when it has to look at finished tasks
   */
  list(statuses: readonly TaskStatus[]): TaskState[] {
    const done = statuses.some(isFinished) ? this.#allDone() : []
    return inOrder([...this.#live.values(), ...done].filter(({ task }) => statuses.includes(task.status)))
  }

  /** All that may yet change by itself, in the order of their requests. */
  live(): TaskState[] {
    return inOrder([...this.#live.values()])
  }

  take(): Taken {
    const texts = new Map(this.#done)
    const done = new Map([...texts].map(([id, json]) => [id, parse(json)]))
    return { live: [...this.#live.values()], done, texts }
  }

  /** What was taken is in the archive now; what has changed meanwhile is not. */
  saved({ texts }: Taken): void {
    for (const [id, json] of texts) if (this.#done.get(id) === json) this.#done.delete(id)
  }

  #find(id: string): TaskEntry | null {
    const live = this.#live.get(id)
    if (live !== undefined) return live
    const done = this.#done.get(id)
    return done === undefined ? (this.archive?.find(id) ?? null) : parse(done)
  }

  *#allDone(): Generator<TaskEntry, void> {
    for (const json of this.#done.values()) yield parse(json)
    // The archive may still have what came back since; the newest state is here then.
    for (const entry of this.archive?.done() ?? []) {
      const { id } = entry.task
      if (!this.#live.has(id) && !this.#done.has(id)) yield entry
    }
  }
}

function parse(json: string): TaskEntry {
  return JSON.parse(json) as TaskEntry
}

function inOrder(entries: readonly TaskEntry[]): TaskState[] {
  return entries.toSorted((one, other) => one.first - other.first).map(({ task }) => task)
}
