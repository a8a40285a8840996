import { decide, type Decision, type RecordedFact, type TaskState } from '@coppice/core'
import { isDeepStrictEqual } from 'node:util'
import { commandsFor } from './commands-for.js'
import { DATA_KINDS } from './data-kinds.js'
import { HistoryError } from './history-error.js'

const WHOLE = 'capture the whole history of a task: coppice log --json, without --from'
const UPGRADE = 'a newer version wrote it, or it was edited: use the version of Coppice that recorded it'
const AS_PRINTED = 'keep the fact as it was printed; if nobody changed it, the lifecycle has changed since'

/**
 * A fact comes to a task only as the next of its stream, and as what today's lifecycle records of some command.
 *
 * @throws {HistoryError} with what the lifecycle would have had instead
 */
export function requirePossible(state: TaskState | null, fact: RecordedFact, where: string): void {
  const version = (state?.version ?? 0) + 1
  if (fact.version !== version)
    throw new HistoryError(where, `version ${fact.version} of ${fact.stream}, not ${version}`, {
      hint: WHOLE,
    })
  const { type, at, data } = fact
  const decisions = decisionsOn(state, fact, where)
  if (decisions.length === 0) throw new HistoryError(where, `no command records ${type}`, { hint: UPGRADE })
  const isDecided = decisions.some(
    (decision) => decision.accepted && isDeepStrictEqual(decision.facts, [{ type, at, data }]),
  )
  if (!isDecided) throw refusal(state, fact, where, decisions)
  // The lifecycle takes most of what it is told as it is, whatever that is.
  const problem = DATA_KINDS[type](data, 'data')
  if (problem !== null) throw new HistoryError(where, `${type}: ${problem}`, { hint: AS_PRINTED })
}

/** What is decided on each command of which the fact can have come; data that cannot even be read are told of. */
function decisionsOn(state: TaskState | null, fact: RecordedFact, where: string): readonly Decision[] {
  const { type, at, data } = fact
  try {
    return commandsFor(type, data as never).map((request) => decide(state, { ...request, at }))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new HistoryError(where, `${type} cannot be decided on: ${why}`, { hint: AS_PRINTED, cause })
  }
}

function refusal(
  state: TaskState | null,
  { type }: RecordedFact,
  where: string,
  decisions: readonly Decision[],
): HistoryError {
  for (const decision of decisions) {
    if (!decision.accepted) continue
    const facts = JSON.stringify(decision.facts.map((fact) => ({ type: fact.type, data: fact.data })))
    return new HistoryError(where, `${type} is not as the lifecycle records it, which is ${facts}`, {
      hint: AS_PRINTED,
    })
  }
  const refused = decisions.flatMap((decision) => (decision.accepted ? [] : [decision]))
  const [first] = refused
  const commands = refused.map(({ command }) => command).join(' and ')
  const allowed = first?.allowed.join(', ') || 'nothing'
  const status = state?.status ?? 'not requested'
  const why = `${commands} is refused; allowed: ${allowed}`
  return new HistoryError(where, `${type} comes to no task that is ${status}: ${why}`, { hint: AS_PRINTED })
}
