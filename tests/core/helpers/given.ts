import {
  decide,
  evolve,
  type Command,
  type Decision,
  type Fact,
  type FactType,
  type TaskState,
} from '@coppice/core'
import { fact, recordFacts } from '@coppice/testkit'

/** Given facts (a type alone stands for its sample), when a command comes, this is what is decided. */
export function given(...facts: readonly (Fact | FactType)[]): {
  readonly state: TaskState | null
  readonly when: (command: Command) => Decision
} {
  const state = stateAfter(...facts)
  return { state, when: (command) => decide(state, command) }
}

/** The fold of facts, a type alone standing for its sample; null for none. */
export function stateAfter(...facts: readonly (Fact | FactType)[]): TaskState | null {
  const history = recordFacts(facts.map((each) => (typeof each === 'string' ? fact(each) : each)))
  return history.reduce<TaskState | null>((state, each) => evolve(state, each), null)
}

/** What `decide` answers to an accepted command. */
export function accepted(status: string, ...facts: readonly Fact[]): Decision {
  return { accepted: true, facts, status } as Decision
}
