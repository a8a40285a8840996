import type { TaskState } from '@coppice/core'
import type { WorktreeEntry } from '../../git-model/worktree.js'
import { isMarked } from './ownership.js'
import { makingPath, nameOf, type SimulatedSite } from './site.js'

/** Where a worktree is, and git's entry of it. */
export interface Whereabouts {
  readonly path: string
  readonly gitDir: string
}

/** Finds a worktree that was moved: git's entry of it has to bear the task's mark, and its `.git` to name that entry. */
export function whereabouts(site: SimulatedSite, task: TaskState): Whereabouts | null {
  const { directories, worktreesDir } = site.repository
  const entry = markedEntry(site, task)
  if (entry === null) return null
  const { gitDir } = entry
  for (const path of [entry.path, task.path, `${worktreesDir}/${nameOf(task.path)}`]) {
    // A rebuild that was interrupted has an entry of the same name; what it began is no worktree that was moved.
    if (path !== makingPath(task) && directories.get(path)?.names === gitDir) return { path, gitDir }
  }
  return null
}

/** The entry that the log speaks of, if it is there and was made for the task. */
export function markedEntry({ repository }: SimulatedSite, { id, gitDir }: TaskState): WorktreeEntry | null {
  if (gitDir === null || !isMarked(repository, gitDir, id)) return null
  return repository.entries.get(gitDir) ?? null
}
