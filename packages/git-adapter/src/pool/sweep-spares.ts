import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lookAt, namesIn } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { OF_A_SPARE, PINNED, throwInto, tidyUp, TRASH } from '../worktree/layout.js'
import { pristineIn, sweepPristine } from './pristine.js'
import { filesNamedIn, placeFor, POOL, poolOf, sparesOf } from './spare.js'

/** Held by whoever makes spares, or deletes them. */
export const POOL_LOCK = 'pool'

/** Deletes what killed processes have left of spares, unless somebody fills the pool just now. */
export async function sweepSpares(site: Site): Promise<void> {
  const places = [poolOf(site.repository), join(site.worktreesDir, POOL), pristineIn(site)]
  if ((await Promise.all(places.map(namesIn))).flat().length === 0) return
  const lock = await site.locks.tryAcquire(POOL_LOCK)
  if (lock === null) return
  try {
    await deleteDebris(site)
  } finally {
    await lock.release()
  }
}

/**
 * Deletes all that is no spare: the caller holds the pool's lock, so nobody is making one, and what is debris under the
 * repository lock stays debris, for who claims a spare holds that until it is a worktree. Files go to the trash first, as long as they
 * can be told from another repository's.
 *
 * @param remove deletes what lies in the trash then
 */
export async function deleteDebris(
  site: Site,
  remove: (thrown: readonly string[]) => Promise<void> = (thrown) => site.rubbish.delete(thrown),
): Promise<void> {
  const root = poolOf(site.repository)
  const thrown = await underRepositoryLock(site, undefined, async () => {
    const kept = new Set((await sparesOf(site)).map(({ gitDir }) => gitDir))
    const gitDirs = (await namesIn(root)).map((name) => join(root, name)).filter((path) => !kept.has(path))
    const files = await Promise.all(gitDirs.map((gitDir) => throwFilesOf(site, gitDir)))
    const left = await Promise.all((await orphans(site)).map(throwAway))
    for (const gitDir of gitDirs) await removeTree(gitDir)
    await sweepPristine(site)
    return [...files.flat(), ...left.flat()]
  })
  await remove(thrown)
  await tidyOurs(join(site.worktreesDir, POOL))
}

/** Files beside the worktrees that name a git directory of a spare's which is gone. */
async function orphans({ repository, worktreesDir }: Site): Promise<readonly string[]> {
  const pool = join(worktreesDir, POOL)
  const found: string[] = []
  for (const path of (await namesIn(pool)).map((name) => join(pool, name))) {
    const gitDir = await pointedGitDir(path)
    const isOurs = gitDir !== null && dirname(gitDir) === poolOf(repository)
    if (isOurs && (await lookAt(gitDir)) === null) found.push(path)
  }
  return found
}

/**
 * Throws away the files of a git directory that is no spare: those that name it, and what stands where its own would be and names
 * nothing, for a kill may have come before they did. What names another git directory is that one's: the repository may be a copy.
 */
async function throwFilesOf(site: Site, gitDir: string): Promise<readonly string[]> {
  const own = placeFor(site, gitDir)
  const named = await filesNamedIn(gitDir)
  const thrown: string[] = []
  for (const path of new Set([own, named ?? own])) {
    const pointed = await pointedGitDir(path)
    if (pointed === gitDir || (pointed === null && path === own)) thrown.push(...(await throwAway(path)))
  }
  return thrown
}

/** Moves a directory to the trash, and answers with where it is then. Of anything else only the name is taken away. */
async function throwAway(path: string): Promise<readonly string[]> {
  const found = await lookAt(path)
  if (found?.isDirectory() === false) await rm(path)
  if (found?.isDirectory() !== true) return []
  const thrown = join(dirname(dirname(path)), TRASH, `${OF_A_SPARE}${randomUUID()}${PINNED}`)
  await throwInto(thrown, path)
  return [thrown]
}

/** Somebody may have put something else in the place of a directory of ours. */
async function tidyOurs(directory: string): Promise<void> {
  if ((await lookAt(directory))?.isDirectory() === true) await tidyUp(directory)
}
