import { nextEffect } from '../effects/next-effect.js'
import type { TaskState } from '../task/state.js'
import { isFinished } from '../task/status.js'

/** Whether nothing will happen to a task any more, unless a person asks for it. */
export function isDone(task: TaskState): boolean {
  return isFinished(task.status) && task.agent === null && nextEffect(task) === null
}
