import type { Request } from '../commands/command.js'
import { decide } from '../decide/decide.js'
import { isCoppiceError } from '../errors/coppice-error.js'
import { IllegalMoveError, TaskNotFoundError } from '../errors/task-errors.js'
import type { Clock } from '../ports/clock.js'
import type { EventLog } from '../ports/event-log.js'
import type { TaskState } from '../task/state.js'
import { streamOf } from '../task/task-id.js'
import type { Projection } from './projection.js'

/**
 * Decides a command on the newest state and appends its facts. Where another process was first, its facts are
 * read and the command is decided anew: it may be refused then, but nothing is ever decided on a stale state.
 *
 * @throws {IllegalMoveError} when the lifecycle refuses the command
 */
export async function execute(
  { log, clock }: { readonly log: EventLog; readonly clock: Clock },
  projection: Projection,
  id: string,
  request: Request,
): Promise<TaskState> {
  for (;;) {
    const task = await projection.get(id)
    const decision = decide(task, { ...request, at: clock.now() })
    if (!decision.accepted) {
      if (task === null) throw new TaskNotFoundError(id)
      throw new IllegalMoveError(id, task.status, decision.command, decision.allowed)
    }
    try {
      const expected = task?.version ?? 'no-stream'
      await projection.absorb(await log.append(streamOf(id), decision.facts, expected))
    } catch (error) {
      if (!isCoppiceError(error, 'version-conflict')) throw error
      await projection.refresh()
      continue
    }
    return existing(projection, id)
  }
}

/** @throws {TaskNotFoundError} */
export async function existing(projection: Projection, id: string): Promise<TaskState> {
  const task = await projection.get(id)
  if (task === null) throw new TaskNotFoundError(id)
  return task
}
