import { withLock } from '@coppice/core'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lookAt, namesIn } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { OF_A_SPARE, PINNED, moveDirectory, tidyUp, TRASH } from '../worktree/layout.js'
import { TRASH_LOCK } from '../worktree/rubbish.js'
import { pristineIn, sweepPristine } from './pristine.js'
import { filesNamedIn, placeFor, POOL, poolOf, sparesOf } from './spare.js'

/** Held by whoever fills the pool. Others make spares under the trash's lock, of what was thrown away. */
export const POOL_LOCK = 'pool'

/** Deletes what killed processes have left of spares, unless somebody makes one just now. */
export async function sweepSpares(site: Site): Promise<void> {
  const places = [poolOf(site.repository), join(site.worktreesDir, POOL), pristineIn(site)]
  if ((await Promise.all(places.map(namesIn))).flat().length === 0) return
  const pool = await site.locks.tryAcquire(POOL_LOCK)
  const trash = pool === null ? null : await site.locks.tryAcquire(TRASH_LOCK)
  let thrown: readonly string[] = []
  try {
    if (trash !== null) thrown = await throwDebris(site)
  } finally {
    await trash?.release()
    await pool?.release()
  }
  await site.rubbish.delete(thrown)
}

/** Deletes all that is no spare. The caller holds the pool's lock, and waits for who makes a spare of what was thrown away. */
export async function deleteDebris(site: Site): Promise<void> {
  const thrown = await withLock(site.locks, TRASH_LOCK, undefined, () => throwDebris(site))
  await site.rubbish.delete(thrown)
}

/**
 * Throws away all that is no spare, while nobody makes one. What is debris under the repository lock stays debris, for who claims a spare
 * holds that until it is a worktree. Answers with what lies in the trash then.
 */
async function throwDebris(site: Site): Promise<readonly string[]> {
  const root = poolOf(site.repository)
  return underRepositoryLock(site, undefined, async () => {
    const kept = new Set((await sparesOf(site)).map(({ gitDir }) => gitDir))
    const gitDirs = (await namesIn(root)).map((name) => join(root, name)).filter((path) => !kept.has(path))
    const files = await Promise.all(gitDirs.map((gitDir) => throwFilesOf(site, gitDir)))
    const left = await Promise.all((await orphans(site)).map(throwAway))
    for (const gitDir of gitDirs) await removeTree(gitDir)
    await sweepPristine(site)
    await tidyOurs(join(site.worktreesDir, POOL))
    return [...files.flat(), ...left.flat()]
  })
}

/** Throws away what one who made a spare has left of it, if it is none. Answers with what lies in the trash then. */
export async function throwUnlessOffered(site: Site, gitDir: string): Promise<readonly string[]> {
  return underRepositoryLock(site, undefined, async () => {
    if ((await sparesOf(site)).some((spare) => spare.gitDir === gitDir)) return []
    const thrown = await throwFilesOf(site, gitDir)
    await removeTree(gitDir)
    await tidyOurs(join(site.worktreesDir, POOL))
    return thrown
  })
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
 * Throws away the files of a git directory that is no spare, as long as they can be told from another repository's: those that
 * name it, and what stands where its own would be and names nothing, for a kill may have come before they did. What names
 * another git directory is that one's: the repository may be a copy.
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
  await moveDirectory(thrown, path)
  return [thrown]
}

/** Somebody may have put something else in the place of a directory of ours. */
async function tidyOurs(directory: string): Promise<void> {
  if ((await lookAt(directory))?.isDirectory() === true) await tidyUp(directory)
}
