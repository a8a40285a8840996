import type { Request } from '../commands/command.js'
import type { Missing, Pinned } from '../effects/outcome.js'
import type { Checkpoint } from '../task/checkpoint.js'
import type { TaskState } from '../task/state.js'
import type { Cancellation } from './cancellation.js'
import type { EnginePorts } from './ports.js'
import { requireAllowed } from './require-allowed.js'
import type { Settler } from './settler.js'

/**
 * Pins a task's content and answers with the newest checkpoint: an old one, if nothing had changed. The caller holds the
 * task's lock, and has just read the log.
 *
 * @throws {IllegalMoveError} when the task has no worktree to take it of
 */
export async function takeCheckpoint(
  ports: EnginePorts,
  settler: Settler,
  found: TaskState,
  message: string | null,
  cancellation: Cancellation,
): Promise<Checkpoint | null> {
  requireAllowed(found, 'task.checkpoint')
  const task = await settler.settle(found, cancellation)
  requireAllowed(task, 'task.checkpoint')
  const context = { at: ports.clock.now(), signal: cancellation.signal }
  const outcome = await ports.workspace.checkpoint(task, message, context)
  if (outcome.kind === 'unchanged') return task.checkpoint
  const after = await settler.carryOut(task.id, requestFor(outcome, message), cancellation)
  return after.checkpoint
}

function requestFor(outcome: Pinned | Missing, message: string | null): Request {
  return outcome.kind === 'missing'
    ? { type: 'worktree.report-lost', data: {} }
    : { type: 'task.checkpoint', data: { checkpoint: outcome.checkpoint, message } }
}
