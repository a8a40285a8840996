/** The seven statuses of a task, in the order of a life without trouble. */
export const TASK_STATUSES = [
  'creating',
  'active',
  'parked',
  'merging',
  'merged',
  'abandoned',
  'failed',
] as const

export type TaskStatus = (typeof TASK_STATUSES)[number]

/** Statuses from which no worktree comes back without a person asking for it. */
export function isFinished(status: TaskStatus): boolean {
  return status === 'merged' || status === 'abandoned'
}
