import type { MergeInProgress } from '../task/merge.js'
import type { TaskState } from '../task/state.js'
import type { EffectKind } from './effect.js'

/**
 * The effect that a task owes the real world, or null for none. A function of the state and of nothing else:
 * after a crash the log is replayed and this is asked again. That is the whole of recovery.
 */
export function nextEffect(task: TaskState): EffectKind | null {
  switch (task.status) {
    case 'creating':
      return 'create'
    case 'active':
      return task.worktree === 'lost' ? 'rebuild' : null
    case 'merging':
      return task.merge === null ? null : nextOfMerge(task, task.merge)
    case 'parked':
    case 'merged':
    case 'abandoned':
      return task.worktree === 'absent' ? null : 'remove'
    case 'failed':
      return null
  }
}

function nextOfMerge(task: TaskState, merge: MergeInProgress): EffectKind {
  if (merge.prepared === null) return task.worktree === 'lost' ? 'rebuild' : 'prepare'
  if (merge.verify !== null && !merge.verified) return 'verify'
  return 'land'
}
