import type { TaskState } from '@coppice/core'
import type { Files } from '../../git-model/files.js'
import type { SimulatedRepository } from '../../git-model/repository.js'
import type { Head } from '../../git-model/worktree.js'
import { SimulatedGitError } from './errors.js'
import { isMarked } from './ownership.js'
import { nameOf, underRepositoryLock, type SimulatedSite } from './site.js'

/** What a new worktree's HEAD is to be. */
export interface Start {
  readonly head: Head
  /** The git directory of a lost worktree that is still there, and may be on the same branch. */
  readonly instead?: string | null
}

/**
 * Makes a worktree without its files at a directory of ours, and answers with its git directory. Whatever an earlier
 * attempt left there is thrown away first.
 */
export function plant(
  site: SimulatedSite,
  task: string,
  staging: string,
  start: Start,
  signal?: AbortSignal,
): Promise<string> {
  const { repository, steps } = site
  return underRepositoryLock(site, signal, async () => {
    await uproot(site, task, staging)
    await steps.step('make git’s entry of the worktree')
    const gitDir = addWorktree(repository, staging, start)
    await steps.step('mark the entry')
    repository.change(gitDir, { task })
    return gitDir
  })
}

/** What `git worktree add --no-checkout` does, forced where only the lost worktree is on the branch. */
function addWorktree(repository: SimulatedRepository, path: string, { head, instead = null }: Start): string {
  const commit = repository.commitOf(head)
  if (commit === null) throw new SimulatedGitError('git-failed', `git worktree failed: no commit for ${path}`)
  const others = 'branch' in head ? repository.checkoutsOf(head.branch) : []
  const isForced = instead !== null && others.every(({ gitDir }) => gitDir === instead)
  if ('branch' in head && !isForced) refuseTaken(repository, head.branch)
  const gitDir = repository.freeGitDir(nameOf(path))
  const index: Files = new Map()
  repository.entries.set(gitDir, { gitDir, task: null, path, head, index, visited: [commit], locked: null })
  repository.directories.set(path, { names: gitDir, files: new Map() })
  return gitDir
}

/** Git lets nobody stand on a branch that another entry is on, be its directory there or not. */
function refuseTaken(repository: SimulatedRepository, branch: string): void {
  for (const { head, path } of repository.entries.values()) {
    if (!('branch' in head) || head.branch !== branch) continue
    throw new SimulatedGitError('git-failed', `git worktree failed: ${branch} is checked out at ${path}`)
  }
}

/** Gives a worktree that was just made its files, and what is staged in it. */
export async function fill(
  { repository, steps }: SimulatedSite,
  gitDir: string,
  staging: string,
  files: Files,
  index: Files = files,
): Promise<void> {
  await steps.step('fill the worktree')
  repository.change(gitDir, { index })
  repository.directories.set(staging, { names: gitDir, files })
}

/** Moves a finished worktree to its place. */
export async function transplant(
  { repository, steps }: SimulatedSite,
  gitDir: string,
  staging: string,
  { path }: TaskState,
  beforeMove: () => Promise<void> = async () => undefined,
): Promise<void> {
  await steps.step('point git’s entry to the worktree’s place')
  repository.change(gitDir, { path })
  await beforeMove()
  await steps.step('move the worktree into its place')
  repository.rename(staging, path)
}

/** Throws away what stands at a staging directory, with git's entry of it. */
export async function uproot(
  { repository, steps }: SimulatedSite,
  task: string,
  staging: string,
): Promise<void> {
  const { entries, directories } = repository
  const pointed = directories.get(staging)?.names ?? null
  for (const { path, gitDir } of entries.values()) {
    // The entry names the final place already if the move itself was interrupted.
    const moved = gitDir === pointed && !directories.has(path) && isMarked(repository, gitDir, task)
    if (path !== staging && !moved) continue
    await steps.step('drop the entry of what was begun')
    entries.delete(gitDir)
  }
  if (!directories.has(staging)) return
  await steps.step('delete what was begun')
  directories.delete(staging)
}
