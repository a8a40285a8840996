import type { Checkpoint, TaskState } from '@coppice/core'
import { BranchExistsError, BranchMovedError } from '../errors/repository-errors.js'
import { isAncestor, resolve, resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import type { Repository } from '../repository/repository.js'

/**
 * Sees to it that a task's branch is where its newest checkpoint left it, or at the base for a new task, and answers with
 * what its worktree begins with: that checkpoint. A branch that is elsewhere holds somebody's work and is never moved;
 * where it has only gone on, as by the merge of a task that was stacked upon it, and the checkpoint has nothing beside its
 * commits, the worktree begins there.
 */
export async function ensureBranch(repository: Repository, task: TaskState): Promise<Checkpoint | null> {
  const { checkpoint, branch, base } = task
  const wanted = checkpoint?.tip ?? checkpoint?.head ?? base.commit
  const ref = branchRef(branch)
  // A parked task has kept its branch.
  if (checkpoint !== null && (await resolveOne(repository.place, ref)) === wanted) return checkpoint
  if (await moveRef(repository.place, ref, null, wanted, `coppice: task ${task.id}`)) return checkpoint
  const actual = await resolveOne(repository.place, ref)
  if (actual === wanted) return checkpoint
  if (checkpoint === null || actual === null) throw new BranchExistsError(branch)
  const advanced = await advancedTo(repository, task, checkpoint, actual)
  if (advanced === null) throw new BranchMovedError(branch, wanted, actual)
  return advanced
}

/** The checkpoint as it would be at a commit that its branch has gone on to; null where more than that has changed. */
async function advancedTo(
  { place }: Repository,
  { branch }: TaskState,
  checkpoint: Checkpoint,
  commit: string,
): Promise<Checkpoint | null> {
  const { head, tip, tree, index, rawIndex, carried, operation } = checkpoint
  // An ignored file that is carried along may be a tracked one by now.
  if (carried !== undefined || operation !== undefined) return null
  if (head === null || tip !== head || checkpoint.branch !== branch || index !== tree || rawIndex !== null)
    return null
  const [headTree, newTree = null] = await resolve(place, [`${head}^{tree}`, `${commit}^{tree}`])
  if (headTree !== tree || newTree === null || !(await isAncestor(place, head, commit))) return null
  return { ...checkpoint, head: commit, tip: commit, tree: newTree, index: newTree }
}
