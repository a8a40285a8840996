import type { Checkpoint, TaskState } from '@coppice/core'
import { branchRef, pinRef } from '../../git-model/refs.js'
import { SimulatedGitError } from './errors.js'
import type { SimulatedSite } from './site.js'

/**
 * Sees to it that a task's branch is where its newest checkpoint left it, or at the base for a new task, and answers with
 * what its worktree begins with. A branch that has only gone on is followed, as long as the checkpoint has nothing beside
 * its commits.
 */
export async function ensureBranch(site: SimulatedSite, task: TaskState): Promise<Checkpoint | null> {
  const { repository, steps } = site
  const { checkpoint, branch, base } = task
  const wanted = checkpoint?.tip ?? checkpoint?.head ?? base.commit
  if (checkpoint !== null && repository.branch(branch) === wanted) return checkpoint
  await steps.step('make the branch')
  if (repository.refs.move(branchRef(branch), null, wanted)) return checkpoint
  const actual = repository.branch(branch)
  if (actual === wanted) return checkpoint
  if (checkpoint === null || actual === null) {
    throw new SimulatedGitError('branch-exists', `the branch ${branch} exists already`, branch)
  }
  const advanced = advancedTo(site, task, checkpoint, actual)
  if (advanced !== null) return advanced
  throw new SimulatedGitError(
    'branch-moved',
    `the branch ${branch} was at ${wanted}, and is at ${actual}`,
    branch,
  )
}

/** The checkpoint as it would be at a commit that its branch has gone on to; null where more than that has changed. */
function advancedTo(
  { repository }: SimulatedSite,
  { branch }: TaskState,
  checkpoint: Checkpoint,
  commit: string,
): Checkpoint | null {
  const { head, tip, tree, index } = checkpoint
  if (head === null || tip !== head || checkpoint.branch !== branch || index !== tree) return null
  const { objects } = repository
  if (objects.commit(head).tree !== tree || !repository.isAncestor(head, commit)) return null
  const newTree = objects.commit(commit).tree
  return { ...checkpoint, head: commit, tip: commit, tree: newTree, index: newTree }
}

/** Deletes a task's branch, once its tip is pinned. Answers with the reason where it has to stay. */
export async function dropBranch(
  { repository, steps }: SimulatedSite,
  task: TaskState,
): Promise<string | null> {
  const { id, branch, checkpoint } = task
  const tip = repository.branch(branch)
  if (tip === null) return null
  const [checkout] = repository.checkoutsOf(branch)
  if (checkout !== undefined) return `the branch ${branch} is checked out in ${checkout.path}`
  if (tip !== checkpoint?.head && tip !== checkpoint?.tip) {
    await steps.step('pin the tip of the branch')
    repository.refs.set(pinRef(id, `tips/${tip}`), tip)
  }
  await steps.step('delete the branch')
  return repository.refs.move(branchRef(branch), tip, null) ? null : `the branch ${branch} moved just now`
}
