import { evolve } from '../evolve/evolve.js'
import type { RecoveredTask } from '../task/recovered.js'
import type { TaskState } from '../task/state.js'
import { streamOf } from '../task/task-id.js'

/** The state of a task as it would be with nothing but this in its log; for whoever works on it before that. */
export function recoveredState(id: string, data: RecoveredTask, at: string): TaskState {
  const place = { sequence: 1, stream: streamOf(id), version: 1, hash: '' }
  return evolve(null, { type: 'task.recovered', at, data, ...place })
}
