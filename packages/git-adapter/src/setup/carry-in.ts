import { constants } from 'node:fs'
import { copyFile, mkdir, readlink, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { INCLUDE_LIST, readIncludeList } from '../capture/include-list.js'
import { CarryInError } from '../errors/worktree-errors.js'
import { lookAt } from '../files/look.js'
import { below, isFree, lookBelow, parentsOf } from '../files/look-below.js'
import { splitNul } from '../git/nul.js'
import type { FilePlace } from '../git/place.js'
import { git } from '../git/run.js'
import type { Site } from '../site.js'
import { ignoredAmong } from './ignored.js'

/**
 * Copies ignored files of the user's own checkout into a new worktree: those that the checkout's `.worktreeinclude` names, as
 * other tools do it too. Only what git ignores in the worktree as well comes along, or a merge would have it; nothing is
 * written over, and no symbolic link followed.
 *
 * @returns whether anything was written
 * @throws {CarryInError} for a file that cannot be copied
 */
export async function carryIn(site: Site, worktree: FilePlace, signal?: AbortSignal): Promise<boolean> {
  const from = site.repository.mainWorkTree
  if (from === null || (await readIncludeList(from)) === null) return false
  const { workTree } = worktree
  const free: Buffer[] = []
  for (const path of await included(site, from, signal))
    if (await named(path, isFree(workTree, path))) free.push(path)
  const carried = await ignoredAmong(worktree, free)
  for (const path of carried) {
    signal?.throwIfAborted()
    await named(path, carry(path, from, workTree))
  }
  return carried.length > 0
}

/** Whoever named a file wants to know which one it is that something went wrong with. */
async function named<T>(path: Buffer, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new CarryInError(path.toString('utf8'), error)
  }
}

/** The files that the list names and git does not track; none that lie in repositories of their own, as worktrees do. */
async function included(site: Site, from: string, signal?: AbortSignal): Promise<readonly Buffer[]> {
  const list = `--exclude-from=${join(from, INCLUDE_LIST)}`
  const place = { ...site.repository.place, workTree: from }
  const args = ['ls-files', '-z', '--others', '--ignored', list]
  const found = splitNul((await git(place, { args }, signal)).stdout)
  const ours = Buffer.from(`${site.worktreesDir}/`)
  return found.filter(
    (path) => path.at(-1) !== SLASH && !below(from, path).subarray(0, ours.length).equals(ours),
  )
}

const SLASH = 0x2f

async function carry(path: Buffer, fromRoot: string, toRoot: string): Promise<void> {
  const [from, to] = [below(fromRoot, path), below(toRoot, path)]
  const found = await lookBelow(fromRoot, path)
  if (found?.isFile() !== true && found?.isSymbolicLink() !== true) return
  const parent = parentsOf(path).at(-1)
  if (parent !== undefined) await mkdir(below(toRoot, parent), { recursive: true })
  try {
    if (found.isFile()) await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    else await symlink(await readlink(from, { encoding: 'buffer' }), to)
  } catch (error) {
    // Somebody is at work there, and may delete it at any time.
    if ((await lookAt(from)) !== null) throw error
  }
}
