import { constants } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { isForeseen } from '../errors/foreseen.js'
import { below, isFree, lookBelow, parentsOf } from '../files/look-below.js'
import { removeTree } from '../files/remove-tree.js'
import type { FilePlace } from '../git/place.js'
import type { Site } from '../site.js'
import { ignoredAmong } from './ignored.js'

/**
 * Gives a new worktree clones of ignored directories of the user's own checkout, such as those of dependencies, where the
 * file system can clone: the two share what neither changes. Where it cannot, that is left to the set-up command; links to the
 * same files would let one task change what all others use.
 *
 * @returns whether anything was written
 */
export async function cloneDirectories(site: Site, worktree: FilePlace): Promise<boolean> {
  const from = site.repository.mainWorkTree
  if (from === null) return false
  let isWritten = false
  for (const path of site.cloned.map((name) => Buffer.from(name)))
    if (await cloneInto(worktree, from, path)) isWritten = true
  return isWritten
}

async function cloneInto(worktree: FilePlace, from: string, path: Buffer): Promise<boolean> {
  const to = below(worktree.workTree, path)
  if ((await lookBelow(from, path))?.isDirectory() !== true) return false
  if (!(await isFree(worktree.workTree, path)) || !(await hasParent(worktree.workTree, path))) return false
  await mkdir(to)
  const isIgnored = (await ignoredAmong(worktree, [Buffer.concat([path, Buffer.from('/')])])).length > 0
  if (isIgnored && (await isCloned(below(from, path), to))) return true
  await removeTree(to)
  return false
}

async function hasParent(root: string, path: Buffer): Promise<boolean> {
  const parent = parentsOf(path).at(-1)
  return parent === undefined || (await lookBelow(root, parent))?.isDirectory() === true
}

/** Whether the whole tree could be cloned; the first file that cannot ends it, and on many file systems that is the first of all. */
async function isCloned(from: Buffer, to: Buffer): Promise<boolean> {
  try {
    await cp(from.toString(), to.toString(), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE_FORCE,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    })
    return true
  } catch (error) {
    if (!isForeseen(error)) throw error
    return false
  }
}
