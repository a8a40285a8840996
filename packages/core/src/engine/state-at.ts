import { PositionNotFoundError } from '../errors/log-errors.js'
import { apply, type TaskStates } from '../evolve/replay.js'
import type { EventLog } from '../ports/event-log.js'
import type { TaskState } from '../task/state.js'

/**
 * Every task's state when the log had exactly so many facts; 0 is the time before the first.
 *
 * @throws {PositionNotFoundError} for a position that the log has not reached
 */
export async function stateAt(log: EventLog, sequence: number): Promise<TaskStates> {
  const states = new Map<string, TaskState>()
  let last = 0
  for await (const fact of log.read()) {
    if (last === sequence) break
    apply(states, fact)
    last = fact.sequence
  }
  if (last !== sequence) throw new PositionNotFoundError(sequence, last)
  return states
}
