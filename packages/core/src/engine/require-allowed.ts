import type { CommandType } from '../commands/command.js'
import { allowedIn } from '../decide/decide.js'
import { IllegalMoveError } from '../errors/task-errors.js'
import type { TaskState } from '../task/state.js'

/** @throws {IllegalMoveError} when a person cannot give the command now */
export function requireAllowed(task: TaskState, command: CommandType): void {
  const allowed = allowedIn(task)
  if (!allowed.includes(command)) throw new IllegalMoveError(task.id, task.status, command, allowed)
}
