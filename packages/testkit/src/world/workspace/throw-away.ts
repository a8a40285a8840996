import { RepairRefusedError, type TaskState } from '@coppice/core'
import { salvage } from './lost.js'
import { isMarked } from './ownership.js'
import { uproot } from './plant.js'
import { nameOf, parentOf, taskNamed, underRepositoryLock, type SimulatedSite } from './site.js'

/** Throws away a worktree that was begun for a task, or git's entry of one; never anything that has another name. */
export function uprootLeftover(site: SimulatedSite, task: TaskState, staging: string): Promise<void> {
  const { repository, steps } = site
  return underRepositoryLock(site, undefined, async () => {
    const isOurs = taskNamed(nameOf(staging)) === task.id
    const isBeside = isOurs && /\/\.(?:making|verifying)$/.test(parentOf(staging))
    const isEntry =
      isOurs && parentOf(staging) === `${repository.commonDir}/worktrees` && staging !== task.gitDir
    if (!isBeside && !isEntry) throw new RepairRefusedError(staging, 'it has not the name of one of ours')
    if (isBeside) return uproot(site, task.id, staging)
    if (!repository.entries.has(staging)) return
    await steps.step('repair: drop git’s entry')
    repository.entries.delete(staging)
  })
}

/** Removes git's entry of a worktree of ours that is gone, once what only the entry holds is pinned. */
export async function discardEntry(
  site: SimulatedSite,
  task: TaskState,
  gitDir: string,
  at: string,
): Promise<void> {
  const { repository, steps } = site
  await salvage(site, task, gitDir, at)
  await underRepositoryLock(site, undefined, async () => {
    const entry = repository.entries.get(gitDir)
    if (entry === undefined) return
    if (repository.directories.has(entry.path) || !isMarked(repository, gitDir, task.id)) {
      throw new RepairRefusedError(gitDir, 'its worktree is there again')
    }
    await steps.step('repair: drop git’s entry')
    repository.entries.delete(gitDir)
  })
}
