import { evolve, isPossible, taskOf, type RecordedFact, type TaskState } from '@coppice/core'

/** What can be found of what a lost log said of its tasks. It may be old, for facts are missing; it is never wrong. */
export class Memory {
  readonly #tasks = new Map<string, TaskState>()

  /** By id. */
  get tasks(): ReadonlyMap<string, TaskState> {
    return this.#tasks
  }

  /** Takes a fact in whose hash is right. Facts of the same task may be missing before it. */
  addFact(fact: RecordedFact): void {
    const id = taskOf(fact.stream)
    if (id === null) return
    const before = this.#tasks.get(id) ?? null
    const after = afterFact(before, fact)
    if (after !== null) this.#tasks.set(id, after)
  }

  /** Takes in a state that was saved. The later of two states counts, and the newest checkpoint of both. */
  addState(task: TaskState): void {
    const known = this.#tasks.get(task.id)
    if (known === undefined) {
      this.#tasks.set(task.id, task)
      return
    }
    const later = task.version > known.version && known.status !== 'merged' ? task : known
    const [one, other] = [known.checkpoint, task.checkpoint]
    const checkpoint = (one?.number ?? 0) > (other?.number ?? 0) ? one : other
    this.#tasks.set(task.id, { ...later, checkpoint })
  }
}

function afterFact(before: TaskState | null, fact: RecordedFact): TaskState | null {
  const isNext = fact.version === (before?.version ?? 0) + 1
  if (!isNext) return before && { ...before, ...saidByItself(fact) }
  if (!isPossible(before?.status ?? null, fact.type)) return before
  try {
    return evolve(before, fact)
  } catch {
    // A fact that cannot be folded is one that the lifecycle never makes: a verification tells of it.
    return before
  }
}

/** What a fact says of its task whatever came before it. */
function saidByItself({ type, data }: RecordedFact): Partial<TaskState> {
  if (type === 'checkpoint.taken') return { checkpoint: data.checkpoint }
  if (type === 'merge.landed') return { status: 'merged', merge: null, landing: data }
  return {}
}
