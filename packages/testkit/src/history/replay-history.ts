import {
  apply,
  decide,
  streamOf,
  taskOf,
  type RecordedFact,
  type TaskState,
  type TaskStates,
} from '@coppice/core'
import { isDeepStrictEqual } from 'node:util'
import { commandsFor } from './commands-for.js'
import { HistoryError } from './history-error.js'
import { parseHistory } from './parse-history.js'

/** A history, and what became of its tasks. */
export class ReplayedHistory {
  constructor(
    readonly facts: readonly RecordedFact[],
    /** Every task's state at the end, by id. */
    readonly tasks: TaskStates,
  ) {}

  /** Every task's state as it was when the log had so many facts. */
  at(sequence: number): TaskStates {
    return statesAfter(this.facts.filter((fact) => fact.sequence <= sequence))
  }

  /** The facts of one task. */
  of(task: string): readonly RecordedFact[] {
    return this.facts.filter(({ stream }) => stream === streamOf(task))
  }
}

/**
 * Replays a history that was captured with `coppice log --json`, as its text or as facts. Each fact has to be one that
 * today's lifecycle records of some command in the state before it, so that an incident that was kept as a file
 * goes on being a test of the lifecycle.
 *
 * @throws {HistoryError} with the first fact of which that is not true
 */
export function replayHistory(history: string | Iterable<RecordedFact>): ReplayedHistory {
  const facts = typeof history === 'string' ? parseHistory(history) : [...history]
  return new ReplayedHistory(facts, statesAfter(facts))
}

function statesAfter(facts: readonly RecordedFact[]): TaskStates {
  const states = new Map<string, TaskState>()
  let before = 0
  for (const fact of facts) {
    const task = taskOf(fact.stream)
    const where = `fact #${fact.sequence}`
    if (fact.sequence <= before) throw new HistoryError(where, `it comes behind #${before}`)
    before = fact.sequence
    if (task !== null) requirePossible(states.get(task) ?? null, fact, where)
    apply(states, fact)
  }
  return states
}

function requirePossible(state: TaskState | null, fact: RecordedFact, where: string): void {
  const version = (state?.version ?? 0) + 1
  if (fact.version !== version)
    throw new HistoryError(where, `version ${fact.version} of ${fact.stream}, not ${version}`)
  const { type, at, data } = fact
  const isDecided = commandsFor(type, data as never).some((request) => {
    const decision = decide(state, { ...request, at })
    return decision.accepted && isDeepStrictEqual(decision.facts, [{ type, at, data }])
  })
  if (!isDecided)
    throw new HistoryError(where, `${type} comes to no task that is ${state?.status ?? 'not requested'}`)
}
