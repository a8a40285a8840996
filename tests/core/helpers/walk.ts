import {
  decide,
  evolve,
  taskMachine,
  type Command,
  type CommandType,
  type Decision,
  type RecordedFact,
  type TaskState,
} from '@coppice/core'
import fc, { type GeneratorValue } from 'fast-check'
import { arbitraryCommand } from './arbitraries.js'
import { deepFreeze } from './deep-freeze.js'
import { recorded } from './recorded.js'

/** One command of a walk, and all that came of it. */
export interface Step {
  readonly before: TaskState | null
  readonly command: Command
  readonly decision: Decision
  readonly facts: readonly RecordedFact[]
  readonly after: TaskState | null
}

const length = fc.integer({ min: 1, max: 40 })
const oneInFour = fc.integer({ min: 0, max: 3 }).map((n) => n === 0)
const any = arbitraryCommand()
const listedIn = new Map(
  Object.entries(taskMachine.states).map(([status, { config }]) => [
    status,
    arbitraryCommand(Object.keys(config.on ?? {}) as CommandType[]),
  ]),
)

/**
 * Any life of a task: three of four commands are such as the status lists, the fourth is any command; each is
 * decided on the fold of all facts before it. States and commands are frozen, so that changing one in place throws.
 */
export function* walk(choose: GeneratorValue, id = 'fix-login'): Generator<Step> {
  let before: TaskState | null = null
  for (let left = choose(() => length); left > 0; left--) {
    const polite = listedIn.get(before?.status ?? 'unrequested')!
    const command = deepFreeze(
      choose((arbitrary: fc.Arbitrary<Command>) => arbitrary, choose(() => oneInFour) ? any : polite),
    )
    const decision = deepFreeze(decide(before, command))
    const facts = recorded(decision.accepted ? decision.facts : [], id, before?.version)
    const after: TaskState | null = facts.reduce<TaskState | null>(
      (state, fact) => deepFreeze(evolve(state, fact)),
      before,
    )
    yield { before, command, decision, facts, after }
    before = after
  }
}
