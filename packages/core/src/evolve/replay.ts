import type { RecordedFact } from '../facts/recorded-fact.js'
import type { TaskState } from '../task/state.js'
import { taskOf } from '../task/task-id.js'
import { evolve } from './evolve.js'

/** Every task's state, by id, in the order of their requests. */
export type TaskStates = ReadonlyMap<string, TaskState>

/** Folds one fact into the map of all tasks; a fact of another kind of stream leaves it as it is. */
export function apply(states: Map<string, TaskState>, fact: RecordedFact): void {
  const id = taskOf(fact.stream)
  if (id !== null) states.set(id, evolve(states.get(id) ?? null, fact))
}

/** The states after the facts, from nothing. */
export async function replay(
  facts: Iterable<RecordedFact> | AsyncIterable<RecordedFact>,
): Promise<TaskStates> {
  const states = new Map<string, TaskState>()
  for await (const fact of facts) apply(states, fact)
  return states
}
