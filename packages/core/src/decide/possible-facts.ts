import type { FactType } from '../facts/fact.js'
import type { TaskStatus } from '../task/status.js'
import { taskMachine } from './machine.js'
import { factTypeOf } from './record.js'

/**
 * Whether a fact of a type can come to a task in a status, or to none (null) yet. What else a transition asks for is
 * not looked at: a log in which this is false for a fact was not made by the lifecycle.
 */
export function isPossible(status: TaskStatus | null, type: FactType): boolean {
  return POSSIBLE.get(status ?? 'unrequested')?.has(type) === true
}

/** A transition as the machine's configuration has it. */
interface Transition {
  readonly actions: object
}

/** The types of the facts that the transitions out of each state of the machine record. */
const POSSIBLE: ReadonlyMap<string, ReadonlySet<FactType>> = new Map(
  Object.entries(taskMachine.states).map(([state, { config }]) => {
    const transitions = Object.values(config.on ?? {}).flat() as readonly Transition[]
    return [state, new Set(transitions.map(({ actions }) => factTypeOf(actions)))]
  }),
)
