import type { TaskState } from '@coppice/core'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from '../files/look.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { whereabouts, type Whereabouts } from '../survey/whereabouts.js'
import { writePointer } from './write-pointer.js'

/**
 * Ties a worktree and its repository together again, after one of them was moved: each names the other by its
 * absolute path. Null where there is no such worktree. Nothing but these two names is changed.
 */
export function rejoin(site: Site, task: TaskState, signal?: AbortSignal): Promise<Whereabouts | null> {
  return underRepositoryLock(site, signal, async () => {
    const found = await whereabouts(site, task)
    if (found === null) return null
    const { path, gitDir } = found
    const pointer = join(gitDir, 'gitdir')
    const content = `${join(path, '.git')}\n`
    if ((await readText(pointer)) !== content) {
      await writeFile(`${pointer}.new`, content)
      await rename(`${pointer}.new`, pointer)
    }
    if ((await pointedGitDir(path)) !== gitDir) await writePointer(path, gitDir, task.id, false)
    return found
  })
}
