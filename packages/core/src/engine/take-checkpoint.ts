import type { Checkpoint } from '../task/checkpoint.js'
import type { TaskState } from '../task/state.js'
import type { Cancellation } from './cancellation.js'
import type { EnginePorts } from './ports.js'
import { requireAllowed } from './require-allowed.js'
import type { Settler } from './settler.js'

/**
 * Pins a task's content and answers with the newest checkpoint: an old one, if nothing had changed. The caller holds the
 * task's lock, and has just read the log. A merge that somebody has left unfinished, or that cannot be finished now, keeps
 * nothing from being pinned.
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
  const task = found.status === 'merging' ? found : await settler.settle(found, cancellation)
  requireAllowed(task, 'task.checkpoint')
  const context = { at: ports.clock.now(), signal: cancellation.signal }
  const outcome = await ports.workspace.checkpoint(task, message, context)
  if (outcome.kind === 'unchanged') return task.checkpoint
  if (outcome.kind === 'missing') {
    return (await settler.carryOut(task.id, { type: 'worktree.report-lost', data: {} }, cancellation))
      .checkpoint
  }
  const { checkpoint } = outcome
  return (await settler.record(task.id, { type: 'task.checkpoint', data: { checkpoint, message } }))
    .checkpoint
}
