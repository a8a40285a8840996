import type { TaskState } from '@coppice/core'
import { BranchExistsError, BranchMovedError } from '../errors.js'
import { resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import type { Repository } from '../repository/repository.js'

/**
 * Sees to it that a task's branch is where its newest checkpoint left it, or at the base for a new task. A branch
 * that is elsewhere holds somebody's work and is never moved.
 */
export async function ensureBranch(repository: Repository, task: TaskState): Promise<void> {
  const { checkpoint, branch, base } = task
  const wanted = checkpoint?.tip ?? checkpoint?.head ?? base.commit
  const ref = branchRef(branch)
  // A parked task has kept its branch.
  if (checkpoint !== null && (await resolveOne(repository.place, ref)) === wanted) return
  if (await moveRef(repository.place, ref, null, wanted, `coppice: task ${task.id}`)) return
  const actual = await resolveOne(repository.place, ref)
  if (actual === wanted) return
  if (checkpoint === null || actual === null) throw new BranchExistsError(branch)
  throw new BranchMovedError(branch, wanted, actual)
}
