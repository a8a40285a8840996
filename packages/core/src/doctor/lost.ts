import type { Standing } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'

/** Whether a worktree that somebody works in is gone from its place. */
export function isLost({ status, worktree }: TaskState, standing: Standing): boolean {
  return isLiving(status) && worktree === 'present' && standing === 'nothing'
}

/** Whether somebody may be working in a task's worktree; only then does the log want to know what became of it. */
export function isLiving(status: TaskState['status']): boolean {
  return status === 'active' || status === 'merging'
}
