import { decide, evolve, type Command, type Decision, type RecordedFact, type TaskState } from '@coppice/core'
import fc from 'fast-check'
import { recordFacts } from '../history/record-facts.js'
import { arbitraryCommand } from './commands.js'
import { deepFreeze } from './deep-freeze.js'

/** One command of a life, and all that came of it. */
export interface LifeStep {
  /** Null before the task was requested. */
  readonly before: TaskState | null
  readonly command: Command
  readonly decision: Decision
  readonly facts: readonly RecordedFact[]
  readonly after: TaskState | null
}

export interface LifeOptions {
  readonly task?: string
  /** Commands at most, those included that are refused. */
  readonly maxCommands?: number
}

const MAX_COMMANDS = 120

/**
 * Any life of a task: commands of all types, one after the other, each decided on the fold of all facts before it. All of it
 * is frozen, so that changing a state or a command in place throws.
 */
export function arbitraryLife({ task, maxCommands = MAX_COMMANDS }: LifeOptions = {}): fc.Arbitrary<
  readonly LifeStep[]
> {
  const commands = fc.array(arbitraryCommand(), { maxLength: maxCommands, size: 'max' })
  return commands.map((each) => live(each, task))
}

/** The facts of any life of a task, in the order of a log that holds nothing else. */
export function arbitraryHistory(options: LifeOptions = {}): fc.Arbitrary<readonly RecordedFact[]> {
  return arbitraryLife(options).map((life) => life.flatMap(({ facts }) => facts))
}

/** A task as some life has left it. */
export function arbitraryTask(options: LifeOptions = {}): fc.Arbitrary<TaskState> {
  return arbitraryLife(options)
    .map((life) => life.at(-1)?.after ?? null)
    .filter((task) => task !== null)
}

function live(commands: readonly Command[], task: string | undefined): readonly LifeStep[] {
  const steps: LifeStep[] = []
  let before: TaskState | null = null
  for (const command of commands) {
    const decision = deepFreeze(decide(before, deepFreeze(command)))
    const facts: readonly RecordedFact[] = recordFacts(
      decision.accepted ? decision.facts : [],
      task,
      before?.version,
    )
    const after: TaskState | null = facts.reduce<TaskState | null>(
      (state, fact) => deepFreeze(evolve(state, fact)),
      before,
    )
    steps.push({ before, command, decision, facts, after })
    before = after
  }
  return steps
}
