import {
  evolve,
  FACT_TYPES,
  isFinished,
  isPossible,
  taskOf,
  type RecordedFact,
  type TaskState,
} from '@coppice/core'
import type { FactFinding, ImpossibleFact, Location, UnknownFact } from './finding.js'

const KNOWN_TYPES: ReadonlySet<string> = new Set(FACT_TYPES)

/** Reads what good records say: whether streams' versions rise by one, and whether the lifecycle allows the facts. */
export class FactCheck {
  /** Streams with the version of their last record. */
  readonly #versions = new Map<string, number>()
  /** Tasks that are not finished; null where not all of a task's facts could be read, or not understood. */
  readonly #tasks = new Map<string, TaskState | null>()
  /** Finished tasks, alike ones sharing one state, for the lifecycle asks no more of them. */
  readonly #finished = new Map<string, TaskState>()
  readonly #shared = new Map<string, TaskState>()
  #isIncomplete = false

  constructor(private readonly onFinding: (finding: FactFinding) => void) {}

  get streams(): number {
    return this.#versions.size
  }

  /** Says that records are missing between those that came and those that will come. */
  missesSome(): void {
    this.#isIncomplete = true
  }

  add(fact: RecordedFact, location: Location): void {
    const { stream, version } = fact
    const expected = (this.#versions.get(stream) ?? 0) + 1
    this.#versions.set(stream, version)
    if (version !== expected) {
      this.#giveUp(stream)
      // The records that are missing may have been of this stream.
      if (this.#isIncomplete && version > expected) return
      this.onFinding({ kind: 'wrong-stream-version', ...location, stream, expected, found: version })
    } else if (taskOf(stream) !== null) this.#fold(fact, location)
  }

  #fold(fact: RecordedFact, location: Location): void {
    const { stream, type } = fact
    const live = this.#tasks.get(stream)
    if (live === null) return
    const before = live ?? this.#finished.get(stream) ?? null
    const status = before?.status ?? null
    try {
      if (!KNOWN_TYPES.has(type)) this.#refuse({ kind: 'unknown-fact', ...location, stream, type })
      else if (isPossible(status, type)) this.#keep(stream, evolve(before, fact))
      else this.#refuse({ kind: 'impossible-fact', ...location, stream, type, status, reason: null })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#refuse({ kind: 'impossible-fact', ...location, stream, type, status, reason })
    }
  }

  #refuse(finding: UnknownFact | ImpossibleFact): void {
    this.#giveUp(finding.stream)
    this.onFinding(finding)
  }

  /** What comes to this task from now on cannot be judged. */
  #giveUp(stream: string): void {
    this.#finished.delete(stream)
    this.#tasks.set(stream, null)
  }

  #keep(stream: string, task: TaskState): void {
    if (!isFinished(task.status)) {
      this.#finished.delete(stream)
      this.#tasks.set(stream, task)
      return
    }
    const key = `${task.status} ${task.worktree}`
    const shared = this.#shared.get(key) ?? task
    this.#shared.set(key, shared)
    this.#tasks.delete(stream)
    this.#finished.set(stream, shared)
  }
}
