import type { TaskState } from '@coppice/core'
import { resolveOne } from '../git/objects.js'
import { branchRef, moveRef, pinRef, setRef } from '../git/refs.js'
import { syncFileSystems } from '../git/sync.js'
import { checkoutsOf } from '../merge/checkouts.js'
import type { Repository } from '../repository/repository.js'

/**
 * Deletes a task's branch, once its tip is pinned. Answers with the reason where it has to stay: a branch that is
 * checked out somewhere else is somebody's ground to stand on.
 */
export async function dropBranch(repository: Repository, task: TaskState): Promise<string | null> {
  const ref = branchRef(task.branch)
  const tip = await resolveOne(repository.place, ref)
  if (tip === null) return null
  const [checkout] = await checkoutsOf(repository, task.branch)
  if (checkout !== undefined)
    return `the branch ${task.branch} is checked out in ${checkout.workTree ?? 'a worktree'}`
  if (tip !== task.checkpoint?.head && tip !== task.checkpoint?.tip) {
    await syncFileSystems(repository.commonDir)
    await setRef(repository.place, pinRef(task.id, `tips/${tip}`), tip, 'coppice: before the branch goes')
  }
  const dropped = await moveRef(
    repository.place,
    ref,
    tip,
    null,
    `coppice: task ${task.id} is ${task.status}`,
  )
  return dropped ? null : `the branch ${task.branch} moved just now`
}
