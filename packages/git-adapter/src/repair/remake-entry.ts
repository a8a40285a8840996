import { RepairRefusedError, type TaskState } from '@coppice/core'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isThere } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { git } from '../git/run.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { privateGit } from '../repository/private-git.js'
import { REPOSITORY_LOCK, underRepositoryLock, type Site } from '../site.js'
import { lostHead } from '../worktree/lost.js'
import { mark } from '../worktree/ownership.js'

/**
 * Makes git's entry of a worktree anew: HEAD where it was by the newest checkpoint or on the branch, the index of that.
 * It is made beside its place, and is there with one rename; the worktree's files are not touched, so that
 * all work in them shows as changes.
 */
export function remakeEntry(site: Site, task: TaskState): Promise<void> {
  const { commonDir } = site.repository
  const { gitDir, path } = task
  return underRepositoryLock(site, undefined, async () => {
    if (gitDir === null || dirname(gitDir) !== join(commonDir, 'worktrees')) {
      throw new RepairRefusedError(path, 'its git directory is not of this repository')
    }
    if (await isThere(gitDir)) return
    if ((await pointedGitDir(path)) !== gitDir)
      throw new RepairRefusedError(path, 'its .git has changed since')
    const draft = draftOf(site)
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    const was = await lostHead(site, task, null)
    const commit = was.head ?? task.base.commit
    const checkpoint = task.checkpoint?.head === was.head ? task.checkpoint : null
    const head = was.branch === task.branch ? `ref: refs/heads/${task.branch}` : commit
    await writeFile(join(draft, 'HEAD'), `${head}\n`)
    await writeFile(join(draft, 'commondir'), '../..\n')
    await writeFile(join(draft, 'gitdir'), `${join(path, '.git')}\n`)
    await mark(draft, task.id, task.branch)
    const place = { ...(await privateGit(site, 'raw')), indexFile: join(draft, 'index') }
    await git(place, { args: ['read-tree', checkpoint?.index ?? `${commit}^{tree}`] })
    if (checkpoint?.rawIndex != null) {
      const { stdout } = await git(place, { args: ['cat-file', 'blob', checkpoint.rawIndex] })
      await writeFile(place.indexFile, stdout)
    }
    await mkdir(dirname(gitDir), { recursive: true })
    await rename(draft, gitDir)
  })
}

/** Deletes what a killed process had begun to make, unless somebody makes one just now. */
export async function sweepEntryDraft(site: Site): Promise<void> {
  const draft = draftOf(site)
  const lock = (await isThere(draft)) ? await site.locks.tryAcquire(REPOSITORY_LOCK) : null
  if (lock === null) return
  try {
    await removeTree(draft)
  } finally {
    await lock.release()
  }
}

function draftOf({ workshop }: Site): string {
  return join(workshop.directory, 'entry.draft')
}
