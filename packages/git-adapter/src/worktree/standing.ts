import type { TaskState } from '@coppice/core'
import { adminEntries } from '../repository/admin-entries.js'
import type { Site } from '../site.js'
import { strangeness } from './ownership.js'

/** The git directory of the worktree that stands at a task's place, or null where none of ours stands there. */
export async function standingGitDir(site: Site, task: TaskState): Promise<string | null> {
  for (const { path, gitDir } of await adminEntries(site.repository)) {
    if (path === task.path && (await strangeness(site.repository, path, gitDir, task.id)) === null)
      return gitDir
  }
  return null
}
