import { rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GitError } from '../errors/git-errors.js'
import { PathOccupiedError } from '../errors/worktree-errors.js'
import { configured, fetching } from '../git/place.js'
import { git } from '../git/run.js'
import { syncDirectory } from '../files/sync-directory.js'
import { syncFileSystems } from '../git/sync.js'
import { isThere } from '../files/look.js'
import { makeDirectory } from '../files/make-directory.js'
import { checkoutsOf } from '../merge/checkouts.js'
import { adminEntries, dropEntry, mendEntries, pointedGitDir } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { isMarked, mark } from './ownership.js'
import { throwAway, tidyUp } from './layout.js'
import { noteReady } from './ready-since.js'

/**
 * What HEAD of a new worktree is to be: on its task's branch, which exists, or detached at a commit. A worktree for work in it
 * says what its task's branch is in any case.
 */
export type Start = (
  | { readonly branch: string }
  | { readonly commit: string; readonly branchOfTask?: string }
) & {
  /** The git directory of a lost worktree that is still there, and may be on the same branch. */
  readonly instead?: string | null
}

/**
 * Makes a worktree without its files at a directory of ours, and answers with its git directory. Whatever an earlier
 * attempt left there is thrown away first: nobody has worked in it, for it never reached its place. Filling it with
 * files is what takes long, so that comes after, outside the lock.
 */
export function plant(
  site: Site,
  task: string,
  staging: string,
  start: Start,
  signal?: AbortSignal,
): Promise<string> {
  return underRepositoryLock(site, signal, async () => {
    await uproot(site, task, staging)
    if (await isThere(staging)) throw new PathOccupiedError(staging)
    await mendEntries(site.repository)
    // An empty directory suits git, and keeps the one above it from being tidied up meanwhile.
    await makeDirectory(staging)
    const at = 'branch' in start ? [staging, start.branch] : ['--detach', staging, start.commit]
    const force = (await isOnlyLostOn(site, start)) ? ['--force'] : []
    const args = ['worktree', 'add', '--quiet', '--no-checkout', ...force, ...at]
    await git(site.repository.place, { args }, signal)
    const entry = await entryOf(site, staging)
    await mark(entry, task, 'branch' in start ? start.branch : (start.branchOfTask ?? null))
    return entry
  })
}

/** Whether git would refuse a branch for no other worktree than the lost one. */
async function isOnlyLostOn({ repository }: Site, start: Start): Promise<boolean> {
  if (!('branch' in start) || start.instead == null) return false
  const checkouts = await checkoutsOf(repository, start.branch)
  return checkouts.every(({ gitDir }) => gitDir === start.instead)
}

/** Fills a worktree with the files of its HEAD, as git checks them out. */
export async function fill(gitDir: string, workTree: string, signal?: AbortSignal): Promise<void> {
  // With as many processes as there are processors, where there are files enough.
  const place = configured(fetching({ gitDir, workTree }), 'checkout.workers', '0')
  await git(place, { args: ['reset', '--quiet', '--hard'] }, signal)
}

export interface TransplantOptions {
  readonly beforeMove?: () => Promise<void>
  /** Whether all but the pointer is on the disk already. */
  readonly isSynced?: boolean
}

/**
 * Moves a finished worktree to its place. The rename is the moment at which it exists, so all of it is on the disk before:
 * after a power cut, files that were not would look like ones that an agent has emptied.
 */
export async function transplant(
  gitDir: string,
  staging: string,
  path: string,
  { beforeMove, isSynced = false }: TransplantOptions = {},
): Promise<void> {
  const pointer = join(gitDir, 'gitdir')
  await writeFile(`${pointer}.new`, `${join(path, '.git')}\n`, { flush: isSynced })
  await rename(`${pointer}.new`, pointer)
  await makeDirectory(dirname(path))
  await noteReady(gitDir, staging)
  if (isSynced) await syncDirectory(gitDir)
  else await syncFileSystems(gitDir, staging)
  await beforeMove?.()
  await rename(staging, path)
  await tidyUp(dirname(staging))
}

/**
 * Throws away what stands at a staging directory, with its entry in the repository. Under the repository lock, so that
 * an entry without a path, which a `git worktree add` has just begun, is one whose maker was killed. What another repository
 * makes there stays.
 */
export async function uproot(site: Site, task: string, staging: string): Promise<void> {
  const pointed = await pointedGitDir(staging)
  for (const entry of await adminEntries(site.repository, basename(staging))) {
    const { path, gitDir } = entry
    // The entry names the final place already if the move itself was interrupted.
    const moved =
      gitDir === pointed && path !== null && !(await isThere(path)) && (await isMarked(gitDir, task))
    const begun = path === null
    if (path === staging || moved || begun) await dropEntry(site.repository, gitDir)
  }
  await throwAway(site.repository, task, staging)
}

async function entryOf(site: Site, path: string): Promise<string> {
  const entries = await adminEntries(site.repository, basename(path))
  const entry = entries.find((candidate) => candidate.path === path)
  if (entry === undefined) throw new GitError(['worktree', 'add'], 0, `no entry was made for ${path}`)
  return entry.gitDir
}
