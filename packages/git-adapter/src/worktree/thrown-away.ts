import type { TaskState } from '@coppice/core'
import { isThere } from '../files/look.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { trashOf } from './layout.js'
import { isMarked } from './ownership.js'

/**
 * The worktree of a task in the trash, as long as git has its entry: that goes before the first file is deleted. There is none
 * where something else has taken the worktree's place.
 */
export async function thrownAway(
  task: TaskState,
): Promise<{ readonly path: string; readonly gitDir: string } | null> {
  const { gitDir, id } = task
  if (gitDir === null || (await isThere(task.path)) || !(await isMarked(gitDir, id))) return null
  for (const path of await trashOf(task)) if ((await pointedGitDir(path)) === gitDir) return { path, gitDir }
  return null
}
