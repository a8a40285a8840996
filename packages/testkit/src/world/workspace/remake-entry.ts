import { RepairRefusedError, type TaskState } from '@coppice/core'
import type { Head } from '../../git-model/worktree.js'
import { lostHead } from './lost.js'
import { underRepositoryLock, type SimulatedSite } from './site.js'

/** Makes git's entry of a worktree anew: HEAD where it was by the newest checkpoint or on the branch, the index of that. */
export function remakeEntry(site: SimulatedSite, task: TaskState): Promise<void> {
  const { repository, steps } = site
  const { gitDir, path, branch, checkpoint, base } = task
  return underRepositoryLock(site, undefined, async () => {
    if (gitDir === null) throw new RepairRefusedError(path, 'its git directory is not of this repository')
    if (repository.entries.has(gitDir)) return
    if (repository.directories.get(path)?.names !== gitDir) {
      throw new RepairRefusedError(path, 'its .git has changed since')
    }
    const was = await lostHead(site, task, null)
    const commit = was.head ?? base.commit
    const head: Head = was.branch === branch ? { branch } : { commit }
    const { objects } = repository
    const isKnown = checkpoint !== null && checkpoint.head === was.head
    const index = isKnown ? objects.files(checkpoint.index) : objects.filesAt(commit)
    await steps.step('repair: make git’s entry anew')
    repository.entries.set(gitDir, { gitDir, task: task.id, path, head, index, visited: [], locked: null })
  })
}
