import type { TaskState } from '@coppice/core'
import type { SimulatedRepository } from '../../git-model/repository.js'

/** Whether a git directory is there, and was made for a task. */
export function isMarked({ entries }: SimulatedRepository, gitDir: string, task: string): boolean {
  return entries.get(gitDir)?.task === task
}

/** What differs between a worktree and one that was made for a task there, or null if nothing does. */
export function strangeness(
  repository: SimulatedRepository,
  path: string,
  gitDir: string,
  task: string,
): string | null {
  const directory = repository.directories.get(path)
  if (directory === undefined) return 'its directory is gone'
  if (directory.names !== gitDir) return 'its .git file was changed'
  if (repository.entries.get(gitDir)?.path !== path) return 'its git directory belongs to another place'
  if (!isMarked(repository, gitDir, task)) {
    return 'its git directory is not the one that was made for this task'
  }
  return null
}

/** The git directory of the worktree that stands at a task's place, or null where none of ours stands there. */
export function standingGitDir(repository: SimulatedRepository, { id, path }: TaskState): string | null {
  for (const entry of repository.entries.values()) {
    if (entry.path === path && strangeness(repository, path, entry.gitDir, id) === null) return entry.gitDir
  }
  return null
}
