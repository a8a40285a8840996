import { basename, dirname, join } from 'node:path'
import { namesIn, readLine } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { tidyUp } from '../worktree/layout.js'
import { placeFor, POOL, poolOf, sparesOf } from './spare.js'

/** Held by whoever makes spares, or deletes them. */
export const POOL_LOCK = 'pool'

/** Deletes what killed processes have left of spares, unless somebody fills the pool just now. */
export async function sweepSpares(site: Site): Promise<void> {
  const isEmpty = (await namesIn(poolOf(site.repository))).length === 0
  if (isEmpty && (await namesIn(join(site.worktreesDir, POOL))).length === 0) return
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
 * repository lock stays debris, for who claims a spare holds that until it is a worktree.
 */
export async function deleteDebris(site: Site): Promise<void> {
  const debris = await underRepositoryLock(site, undefined, () => debrisOf(site))
  for (const path of debris) await removeTree(path)
  await tidyUp(join(site.worktreesDir, POOL))
}

/** Files come before the git directory by which they are known. */
async function debrisOf(site: Site): Promise<readonly string[]> {
  const root = poolOf(site.repository)
  const spares = await sparesOf(site)
  const kept = new Set(spares.flatMap(({ gitDir, path }) => [gitDir, path]))
  const gitDirs = (await namesIn(root)).map((name) => join(root, name))
  const named = await Promise.all(gitDirs.map(filesOf))
  const beside = (await namesIn(join(site.worktreesDir, POOL))).map((name) => placeFor(site, name))
  const pointed = await Promise.all(beside.map(pointedGitDir))
  const orphans = beside.filter((_, at) => pointed[at]?.startsWith(`${root}/`) === true)
  const all = [...orphans, ...named.filter((path) => path !== null), ...gitDirs]
  return [...new Set(all)].filter((path) => !kept.has(path))
}

/** Where the files of a spare's git directory are made; null where a claim had taken them away. */
async function filesOf(gitDir: string): Promise<string | null> {
  const pointer = (await readLine(join(gitDir, 'gitdir'))) ?? ''
  const path = dirname(pointer)
  const isPlace = basename(path) === basename(gitDir) && basename(dirname(path)) === POOL
  return isPlace ? path : null
}
