import type { TaskState } from '@coppice/core'
import { isThere } from '../files/look.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import type { Repository } from '../repository/repository.js'
import { isMarkedPinned, trashOf } from './layout.js'
import { isMarked } from './ownership.js'

/**
 * The worktree of a task in the trash that was not found to be pinned yet, so that all of it is still there. There is none where
 * something else has taken the worktree's place.
 */
export async function thrownAway(
  repository: Repository,
  task: TaskState,
): Promise<{ readonly path: string; readonly gitDir: string } | null> {
  const { gitDir, id } = task
  if (gitDir === null || (await isThere(task.path)) || !(await isMarked(gitDir, id))) return null
  for (const path of await trashOf(repository, task)) {
    // What is being deleted may name an entry that was made anew since.
    if (!isMarkedPinned(path) && (await pointedGitDir(path)) === gitDir) return { path, gitDir }
  }
  return null
}
