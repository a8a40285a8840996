import type { TaskState } from '@coppice/core'
import { dirname, join } from 'node:path'
import { isThere } from '../files/look.js'
import { adminEntries, dropEntry } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { pinnedTrashOf, makingPath, moveToTrash, PINNED, tidyUp, TRASH } from './layout.js'
import { isMarked, strangeness } from './ownership.js'
import { uproot } from './plant.js'

/**
 * Removes all that is left of a task's worktree once nothing in it matters: its entry in the repository, what a
 * creation left half made, and a worktree that was made and never handed over (the log knows no git directory).
 */
export async function discard(site: Site, task: TaskState): Promise<void> {
  const staging = makingPath(task)
  await underRepositoryLock(site, undefined, async () => {
    for (const { path, gitDir } of await adminEntries(site.repository)) {
      if (path !== task.path || !(await isMarked(gitDir, task.id))) continue
      if (task.gitDir === null && (await strangeness(site.repository, path, gitDir, task.id)) === null) {
        await moveToTrash(task, PINNED)
      }
      if (!(await isThere(path))) await dropEntry(site.repository, gitDir)
    }
    await uproot(site, task.id, staging)
  })
  await emptyTrash(site, task)
  await tidyUp(dirname(staging))
}

/** Deletes what was thrown away for a task and is pinned. */
export async function emptyTrash(site: Site, task: TaskState): Promise<void> {
  await site.rubbish.delete(await pinnedTrashOf(site.repository, task))
  await tidyUp(join(dirname(task.path), TRASH))
}
