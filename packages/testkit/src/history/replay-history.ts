import { apply, streamOf, taskOf, type RecordedFact, type TaskState, type TaskStates } from '@coppice/core'
import { HistoryError } from './history-error.js'
import { parseHistory } from './parse-history.js'
import { requirePossible } from './require-possible.js'

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
 * @throws {HistoryError} with the first fact of which that is not true, or when its text has no facts at all
 */
export function replayHistory(history: string | Iterable<RecordedFact>): ReplayedHistory {
  const facts = typeof history === 'string' ? parseHistory(history) : [...history]
  if (facts.length === 0 && typeof history === 'string')
    throw new HistoryError('the history', 'no facts: was the capture made?', {
      hint: 'capture it again: coppice log --json > incident.jsonl, in the repository of the incident',
    })
  return new ReplayedHistory(facts, statesAfter(facts))
}

function statesAfter(facts: readonly RecordedFact[]): TaskStates {
  const states = new Map<string, TaskState>()
  let before: RecordedFact | null = null
  for (const fact of facts) {
    const task = taskOf(fact.stream)
    requireBehind(before, fact)
    before = fact
    if (task !== null) requirePossible(states.get(task) ?? null, fact, `fact #${fact.sequence}`)
    apply(states, fact)
  }
  return states
}

function requireBehind(before: RecordedFact | null, fact: RecordedFact): void {
  if (before === null || fact.sequence > before.sequence) return
  const isDoubled = fact.sequence === before.sequence && fact.hash === before.hash
  throw new HistoryError(`fact #${fact.sequence}`, `it comes behind #${before.sequence}`, {
    hint: isDoubled
      ? 'its line is there twice: leave one of them out'
      : 'keep the lines in the order in which they were printed, and those of one log alone',
  })
}
