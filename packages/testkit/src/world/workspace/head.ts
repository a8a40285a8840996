import type { TaskState } from '@coppice/core'
import type { Head } from '../../git-model/worktree.js'
import type { SimulatedSite } from './site.js'

/** Where HEAD of a worktree was: on a branch (short) or detached, at a commit or before the first one. */
export interface HeadPosition {
  readonly branch: string | null
  readonly head: string | null
}

/** On the task's own branch, unless HEAD was elsewhere. */
export function startOf({ branch, base }: TaskState, was: HeadPosition | null): Head {
  return was === null || was.branch === branch ? { branch } : { commit: was.head ?? base.commit }
}

/** Puts HEAD back on another branch than the task's own, as long as that is where it was and nobody else stands on it. */
export async function attachHead(
  { repository, steps }: SimulatedSite,
  task: TaskState,
  gitDir: string,
  { branch, head }: HeadPosition,
  instead: string | null = null,
): Promise<void> {
  if (branch === null || branch === task.branch) return
  if (repository.branch(branch) !== head) return
  if (repository.checkoutsOf(branch).some((checkout) => checkout.gitDir !== instead)) return
  await steps.step('put HEAD on its branch')
  repository.moveHead(gitDir, { branch })
}
