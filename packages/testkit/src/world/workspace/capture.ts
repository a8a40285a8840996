import type { TaskState } from '@coppice/core'
import { branchOf } from '../../git-model/worktree.js'
import { SimulatedGitError } from './errors.js'
import { lastCommit } from './lost.js'
import { strangeness } from './ownership.js'
import type { SimulatedSite } from './site.js'

/** All content of a worktree. Trees are written, and nothing refers to them yet. */
export interface Capture {
  /** Null before the first commit of the branch that HEAD is on. */
  readonly head: string | null
  readonly headTree: string | null
  readonly branch: string | null
  readonly tip: string | null
  readonly index: string
  readonly tree: string
}

/** Takes the content of a task's worktree, in its place; what is not the worktree that was made there is not read. */
export async function capture(site: SimulatedSite, task: TaskState): Promise<Capture> {
  const { gitDir, path, id } = task
  const strange = gitDir === null ? null : strangeness(site.repository, path, gitDir, id)
  if (strange !== null) {
    throw new SimulatedGitError(
      'worktree-broken',
      `the worktree ${path} is not as it was made: ${strange}`,
      path,
    )
  }
  return captureContent(site, task)
}

/** Takes a worktree's content wherever it lies: HEAD, index and files, all as they are in one moment. */
export async function captureContent(site: SimulatedSite, task: TaskState): Promise<Capture> {
  const { repository, steps } = site
  await steps.step('read the worktree')
  const { gitDir, path } = task
  const entry = gitDir === null ? undefined : repository.entries.get(gitDir)
  if (entry === undefined) {
    const problem = `the worktree ${path} is not as it was made: its HEAD cannot be read`
    throw new SimulatedGitError('worktree-broken', problem, path)
  }
  const { objects, directories } = repository
  const files = directories.get(path)?.files
  if (files === undefined) throw new SimulatedGitError('git-failed', `${path} is gone`, path)
  // The task's own branch had a commit until it was deleted, and the files go on from there.
  const isBelow = branchOf(entry.head) === task.branch
  const head = repository.commitOf(entry.head) ?? (isBelow ? lastCommit(site, task, entry.gitDir) : null)
  return {
    head,
    headTree: head === null ? null : objects.commit(head).tree,
    branch: branchOf(entry.head),
    tip: repository.branch(task.branch),
    index: objects.writeTree(entry.index),
    tree: objects.writeTree(files),
  }
}
