import { RepairRefusedError, type TaskState } from '@coppice/core'
import { basename, dirname, join } from 'node:path'
import { isThere } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { adminEntries, dropEntry } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { emptyTrash } from '../worktree/discard.js'
import { leftoverNamed, taskNamed, tidyUp } from '../worktree/layout.js'
import { salvage } from '../worktree/lost.js'
import { isMarked } from '../worktree/ownership.js'
import { salvageTrash } from '../worktree/salvage-trash.js'
import { uproot } from '../worktree/plant.js'

/** Throws away a worktree that was begun for a task, or git's entry of one; never anything that has another name. */
export function uprootLeftover(site: Site, task: TaskState, staging: string): Promise<void> {
  return underRepositoryLock(site, undefined, async () => {
    const beside = leftoverNamed(basename(dirname(staging)), basename(staging))
    const isBeside = beside?.task === task.id && beside.kind !== 'trash'
    const isEntry =
      dirname(staging) === join(site.repository.commonDir, 'worktrees') &&
      taskNamed(basename(staging)) === task.id &&
      staging !== task.gitDir
    if (!isBeside && !isEntry) throw new RepairRefusedError(staging, 'it has not the name of one of ours')
    await uproot(site, task.id, staging)
    if (isBeside) await tidyUp(dirname(staging))
  })
}

/** Removes git's entry of a worktree of ours that is gone, once what only the entry holds is pinned. */
export async function dropOwnEntry(site: Site, task: TaskState, gitDir: string, at: string): Promise<void> {
  const { repository } = site
  if (await isThere(gitDir)) await salvage(site, task, gitDir, at)
  await underRepositoryLock(site, undefined, async () => {
    const entry = (await adminEntries(repository)).find((candidate) => candidate.gitDir === gitDir)
    if (entry === undefined) return
    const isGone = entry.path === null || !(await isThere(entry.path))
    if (!isGone || !(await isMarked(gitDir, task.id))) {
      throw new RepairRefusedError(gitDir, 'its worktree is there again')
    }
    await dropEntry(repository, gitDir)
  })
}

/** Deletes the entries that were thrown away before. */
export function emptyEntryTrash(site: Site): Promise<void> {
  const trash = join(site.repository.commonDir, 'coppice', 'trash')
  return underRepositoryLock(site, undefined, () => removeTree(trash))
}

/** Deletes what an interrupted removal has left, once all of it is pinned. */
export async function emptyOwnTrash(site: Site, task: TaskState, at: string): Promise<void> {
  const [left] = await salvageTrash(site, task, at)
  await emptyTrash(site, task)
  if (left !== undefined) throw new RepairRefusedError(left, 'no checkpoint can hold it')
}
