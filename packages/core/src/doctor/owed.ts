import { nextEffect } from '../effects/next-effect.js'
import type { TaskState } from '../task/state.js'
import type { Books } from './books.js'
import { repairs, type Drift } from './drift.js'

/** What the log itself says is not done yet, and agents that it takes for running. */
export function owedDrifts({ tasks, deserted }: Books): Drift[] {
  return tasks.flatMap((task) => [
    ...(deserted.has(task.id) ? [vanished(task)] : []),
    ...(nextEffect(task) === null ? [] : [owed(task)]),
  ])
}

function vanished({ id, path }: TaskState): Drift {
  return {
    code: 'agent-vanished',
    task: id,
    subject: path,
    meaning: 'the log says that an agent is at work here, and its process is gone',
    severity: 'warning',
    remedy: repairs('record that it has ended', { kind: 'settle', task: id }),
  }
}

function owed(task: TaskState): Drift {
  return {
    code: 'effect-owed',
    task: task.id,
    subject: task.path,
    meaning: `the log says that the task is ${task.status}, and ${nextEffect(task)} is not done yet`,
    severity: 'warning',
    remedy: repairs('do it', { kind: 'settle', task: task.id }),
  }
}
