import type { TaskState } from '@coppice/core'
import { basename, dirname, join } from 'node:path'
import { isThere, namesIn } from '../files/look.js'
import { adminEntries, pointedGitDir, type AdminEntry } from '../repository/admin-entries.js'
import type { Site } from '../site.js'
import { makingPath } from '../worktree/layout.js'
import { isMarked } from '../worktree/ownership.js'
import { standingAt } from './standing.js'

/** Where a worktree is, and git's entry of it. */
export interface Whereabouts {
  readonly path: string
  readonly gitDir: string
}

/**
 * Finds a worktree that was moved, or whose repository was. Git's entry of it has to bear the task's mark, and the
 * directory's `.git` file has to name that entry, or the one that the log speaks of if this is gone: where it is still
 * there, this repository is a copy, and the worktree belongs to the original.
 */
export async function whereabouts(site: Site, task: TaskState): Promise<Whereabouts | null> {
  const entry = await markedEntry(site, task)
  if (entry === null) return null
  const { gitDir } = entry
  const isElsewhere = task.gitDir !== gitDir
  if (isElsewhere && task.gitDir !== null && (await isThere(task.gitDir))) return null
  const besides = join(site.worktreesDir, basename(task.path))
  for (const path of new Set([entry.path, task.path, besides, ...(await beside(task.path))])) {
    // A rebuild that was interrupted has an entry of the same name; what it began is no worktree that was moved.
    if (path === null || path === makingPath(task)) continue
    if ((await standingAt(path)) !== 'directory') continue
    const named = await pointedGitDir(path)
    if (named !== null && (named === gitDir || named === task.gitDir)) return { path, gitDir }
  }
  return null
}

/** What stands beside a worktree: one that was renamed without git is there. */
async function beside(path: string): Promise<readonly string[]> {
  const names = await namesIn(dirname(path))
  return names.filter((name) => !name.startsWith('.')).map((name) => join(dirname(path), name))
}

/** The entry that the log speaks of, or after a move of the repository the one in its place. */
export async function markedEntry(site: Site, task: TaskState): Promise<AdminEntry | null> {
  if (task.gitDir === null) return null
  const gitDir = join(site.repository.commonDir, 'worktrees', basename(task.gitDir))
  const found = (await adminEntries(site.repository)).find((entry) => entry.gitDir === gitDir)
  return found !== undefined && (await isMarked(gitDir, task.id)) ? found : null
}
