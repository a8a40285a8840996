import type { TaskState } from '@coppice/core'
import { resolveOne } from '../git/objects.js'
import { branchRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { checkoutsOf } from '../merge/checkouts.js'
import type { Site } from '../site.js'
import type { Start } from './plant.js'

/** Where HEAD of a worktree was: on a branch (short) or detached, at a commit or before the first one. */
export interface HeadPosition {
  readonly branch: string | null
  readonly head: string | null
}

/** On the task's own branch, unless HEAD was elsewhere. */
export function startOf({ branch, base }: TaskState, was: HeadPosition | null): Start {
  return was === null || was.branch === branch
    ? { branch }
    : { commit: was.head ?? base.commit, branchOfTask: branch }
}

/**
 * Puts HEAD back on another branch than the task's own, as long as that is where it was and nobody else stands on it.
 *
 * @param instead the git directory of the lost worktree that had it, if that is still there
 */
export async function attachHead(
  { repository }: Site,
  task: TaskState,
  gitDir: string,
  { branch, head }: HeadPosition,
  instead: string | null = null,
): Promise<void> {
  if (branch === null || branch === task.branch) return
  const ref = branchRef(branch)
  if ((await resolveOne(repository.place, ref)) !== head) return
  if ((await checkoutsOf(repository, branch)).some((checkout) => checkout.gitDir !== instead)) return
  await git({ gitDir }, { args: ['symbolic-ref', '-m', `coppice: task ${task.id}`, 'HEAD', ref] })
}
