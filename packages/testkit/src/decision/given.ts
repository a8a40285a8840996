import {
  FACT_TYPES,
  decide,
  evolve,
  isPossible,
  type Command,
  type Decision,
  type Fact,
  type FactType,
  type RecordedFact,
  type Request,
  type TaskState,
} from '@coppice/core'
import { deepStrictEqual, fail } from 'node:assert/strict'
import { HistoryError } from '../history/history-error.js'
import { recordFacts } from '../history/record-facts.js'
import { COMMAND_TYPES } from '../samples/commands.js'
import { fact } from '../samples/facts.js'
import { SAMPLE_TIME } from '../samples/ids.js'

/** A fact that came before: recorded, or new, or a type alone, which stands for its sample. */
export type GivenFact = RecordedFact | Fact | FactType

/** A fact as it is expected: its time counts only where it says one. */
export type ExpectedFact = Omit<Fact, 'at'> & { readonly at?: string }

/**
 * The state of a task after some facts, and what is decided on it:
 *
 *     given('task.requested', 'worktree.created')
 *       .when(command('task.park', { reason: 'lunch' }))
 *       .then({ type: 'task.parked', data: { reason: 'lunch' } })
 *
 * @throws {HistoryError} for facts that cannot follow on one another in any log
 */
export function given(...history: readonly GivenFact[]): Given {
  return new Given(foldOf(history))
}

export class Given {
  /** Null before the task was requested. */
  constructor(readonly state: TaskState | null) {}

  /**
   * A command, or a request, which has no time of its own.
   *
   * @throws {TypeError} for a type that no command has, which would be refused whatever came before
   */
  when(command: Command | Request): Decided {
    if (!COMMAND_TYPES.includes(command.type))
      throw new TypeError(`${command.type} is no command; there are ${COMMAND_TYPES.join(', ')}`)
    return new Decided(this.state, { at: SAMPLE_TIME, ...command })
  }
}

/** A decision, and what is expected of it. Do not await it: it has a `then` that is not a promise's. */
export class Decided {
  readonly decision: Decision

  constructor(
    private readonly state: TaskState | null,
    private readonly command: Command,
  ) {
    this.decision = decide(state, command)
  }

  /** @throws {AssertionError} unless the command is accepted and records exactly these facts */
  then(...expected: readonly ExpectedFact[]): void {
    const { decision } = this
    if (!decision.accepted)
      fail(`${this.#named} was refused; allowed: ${decision.allowed.join(', ') || 'nothing'}`)
    const facts = decision.facts.map(({ type, at, data }, index) =>
      expected[index]?.at === undefined ? { type, data } : { type, at, data },
    )
    deepStrictEqual(facts, expected, `${this.#named} records other facts`)
  }

  /** @throws {AssertionError} unless the command is refused */
  thenRefused(): void {
    if (!this.decision.accepted) return
    fail(`${this.#named} was accepted, and records ${this.decision.facts.map(({ type }) => type).join(', ')}`)
  }

  get #named(): string {
    return `${this.command.type} of a task that is ${this.state?.status ?? 'not requested'}`
  }
}

/** Facts that were recorded keep their numbers; new ones are numbered as if the log held nothing else. */
function foldOf(history: readonly GivenFact[]): TaskState | null {
  return history.reduce<TaskState | null>((state, each, index) => {
    const next = typeof each === 'string' ? fact(each) : each
    requirePossible(state, next.type, index + 1)
    return recordedOf(next, state?.version).reduce<TaskState | null>(evolve, state)
  }, null)
}

/** By the status alone: what else the lifecycle asks for, samples need not have. */
function requirePossible(state: TaskState | null, type: FactType, number: number): void {
  const status = state?.status ?? null
  // What no version of this fold knows is refused by the fold.
  if (!FACT_TYPES.includes(type) || isPossible(status, type)) return
  throw new HistoryError(
    `given fact ${number}`,
    `${type} comes to no task that is ${status ?? 'not requested'}`,
    { hint: 'give the facts that come before it, the first one task.requested or task.recovered' },
  )
}

function recordedOf(next: RecordedFact | Fact, after: number | undefined): readonly RecordedFact[] {
  return 'sequence' in next ? [next] : recordFacts([next], undefined, after)
}
