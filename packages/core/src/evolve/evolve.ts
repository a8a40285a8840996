import { UnknownFactError } from '../errors/log-errors.js'
import type { FactData } from '../facts/fact.js'
import type { RecordedFact } from '../facts/recorded-fact.js'
import type { TaskState } from '../task/state.js'
import { taskOf } from '../task/task-id.js'
import { evolvers, isFactType, type Evolver } from './evolvers.js'

/**
 * The state after one more fact. A plain fold: no guard, no I/O, nothing that a fact does not say.
 *
 * @throws {UnknownFactError} for a fact that a newer version wrote
 */
export function evolve(task: TaskState | null, fact: RecordedFact): TaskState {
  const before = task ?? unborn(fact)
  if (!isFactType(fact.type)) throw new UnknownFactError(fact.type, fact.sequence)
  const evolver = evolvers[fact.type] as Evolver<FactData[typeof fact.type]>
  return { ...before, ...evolver(before, fact.data), version: fact.version, updatedAt: fact.at }
}

function unborn(fact: RecordedFact): TaskState {
  return {
    id: taskOf(fact.stream) ?? fact.stream,
    status: 'creating',
    version: 0,
    title: null,
    base: { ref: '', commit: '' },
    into: null,
    branch: '',
    path: '',
    worktree: 'absent',
    gitDir: null,
    attempts: 0,
    failure: null,
    checkpoint: null,
    merge: null,
    setback: null,
    landing: null,
    agent: null,
    requestedAt: fact.at,
    updatedAt: fact.at,
  }
}
