import type { TaskState } from '@coppice/core'
import { isMarked, strangeness } from './ownership.js'
import { uproot } from './plant.js'
import { makingPath, trashPrefix, underRepositoryLock, type SimulatedSite } from './site.js'

/**
 * Removes all that is left of a task's worktree once nothing in it matters: its entry, what a creation left half made,
 * and a worktree that was made and never handed over (the log knows no git directory).
 */
export async function discard(site: SimulatedSite, task: TaskState): Promise<void> {
  const { repository, steps } = site
  await underRepositoryLock(site, undefined, async () => {
    for (const { path, gitDir } of repository.entries.values()) {
      if (path !== task.path || !isMarked(repository, gitDir, task.id)) continue
      if (task.gitDir === null && strangeness(repository, path, gitDir, task.id) === null) {
        await moveToTrash(site, task, PINNED)
      }
      if (repository.directories.has(path)) continue
      await steps.step('drop git’s entry of the worktree')
      repository.entries.delete(gitDir)
    }
    await uproot(site, task.id, makingPath(task))
  })
  await emptyTrash(site, task)
}

/** Ends the name of what lies in the trash and was found to be pinned, or never mattered. */
const PINNED = '.pinned'

/** Takes a worktree away from its place, in one step. */
export async function moveToTrash(
  { repository, steps }: SimulatedSite,
  task: TaskState,
  mark = '',
): Promise<void> {
  await steps.step('take the worktree from its place')
  repository.rename(task.path, `${trashPrefix(task)}${repository.nextNumber()}${mark}`)
}

/** Says of something in the trash that all of it is pinned. */
export async function markPinned({ repository, steps }: SimulatedSite, path: string): Promise<void> {
  await steps.step('say that what was thrown away is pinned')
  repository.rename(path, `${path}${PINNED}`)
}

export function isMarkedPinned(path: string): boolean {
  return path.endsWith(PINNED)
}

/** What was moved to the trash for a task, now or before a crash. */
export function trashOf({ repository }: SimulatedSite, task: TaskState): readonly string[] {
  return [...repository.directories.keys()].filter((path) => path.startsWith(trashPrefix(task)))
}

export async function emptyTrash(site: SimulatedSite, task: TaskState): Promise<void> {
  for (const path of trashOf(site, task)) {
    await site.steps.step('empty the trash')
    site.repository.directories.delete(path)
  }
}

/** Brings a worktree back from the trash. */
export async function takeBack(
  { repository, steps }: SimulatedSite,
  task: TaskState,
  from: string,
): Promise<void> {
  await steps.step('put the worktree back in its place')
  repository.rename(from, task.path)
}

/** The worktree of a task in the trash, as long as git has its entry; null where something else has taken its place. */
export function thrownAway(
  site: SimulatedSite,
  task: TaskState,
): { readonly path: string; readonly gitDir: string } | null {
  const { repository } = site
  const { gitDir, id } = task
  if (gitDir === null || repository.directories.has(task.path) || !isMarked(repository, gitDir, id))
    return null
  const path = trashOf(site, task).find(
    (each) => !isMarkedPinned(each) && repository.directories.get(each)?.names === gitDir,
  )
  return path === undefined ? null : { path, gitDir }
}
