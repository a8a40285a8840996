import { readFile, readlink, rm, rmdir } from 'node:fs/promises'
import { checkedOut } from '../git/checked-out.js'
import { differencesOf, type Difference } from '../git/differences.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import { fetching, type FilePlace } from '../git/place.js'
import { git } from '../git/run.js'
import { isThere, lookAt } from '../files/look.js'
import { below, isBehindLink, parentsOf } from '../files/look-below.js'
import type { Move } from './move.js'

/**
 * Puts a checkout back as it was before a fast-forward that ended half-way: git writes the files first, then the
 * index, then the branch. Before it began, all files that it writes were as the index has them. So a file that is now
 * what git was about to write, or a beginning of it, or not there, is git's doing and is put back; any other is the
 * user's and stays. With the index written nothing is put back, for then the same fast-forward can be done again.
 */
export async function putBack({ gitDir, workTree, from, to }: Move): Promise<void> {
  const place = { ...fetching({ gitDir }), workTree }
  const differences = await differencesOf(place, from, to)
  if (await isIndexed(place, differences)) return
  const added = differences.filter((difference) => difference.from === null)
  const others = differences.filter((difference) => difference.from !== null)
  // They go first: one may be in the place of what was deleted, a directory in that of a file.
  for (const difference of added) {
    if (await isUnfinished(place, difference)) await takeAway(place, difference.path)
  }
  const restored: Buffer[] = []
  for (const difference of others) {
    if (await isUnfinished(place, difference)) restored.push(difference.path)
  }
  const args = ['checkout-index', '--force', '-z', '--stdin']
  if (restored.length > 0) await git(place, { args, input: joinNul(restored) })
}

/**
 * Takes a fast-forward back that git has given up, as far as it came; also where it had written the index, for nobody does it
 * again. Answers whether it could: what somebody has changed or locked meanwhile keeps git from it, and all stays.
 */
export async function takeBack(move: Move): Promise<boolean> {
  const { gitDir, workTree, from, to } = move
  const place = { ...fetching({ gitDir }), workTree }
  if (await isIndexed(place, await differencesOf(place, from, to))) {
    const args = ['read-tree', '-m', '-u', to, from]
    return (await git(place, { args, answers: [128] })).exitCode === 0
  }
  await putBack(move)
  return true
}

/** Deletes a file, and each directory that holds nothing without it, as git does. */
async function takeAway(place: Checkout, path: Buffer): Promise<void> {
  if (await isThere(absolute(place, path))) await rm(absolute(place, path))
  for (const parent of parentsOf(path).toReversed()) {
    try {
      await rmdir(absolute(place, parent))
    } catch (error) {
      // Otherwise something else is in it, or stands in its place.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
    }
  }
}

export type Checkout = FilePlace

export async function isIndexed(place: Checkout, differences: readonly Difference[]): Promise<boolean> {
  const { stdout } = await git(place, { args: ['ls-files', '--stage', '-z'] })
  const entries = new Map(
    splitNul(stdout).map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', oid = ''] = line.toString('latin1', 0, tab).split(' ')
      return [line.toString('latin1', tab + 1), `${mode} ${oid}`]
    }),
  )
  return differences.every(({ path, to }) => {
    return entries.get(keyOf(path)) === (to === null ? undefined : `${to.mode} ${to.oid}`)
  })
}

/** Whether a path is as a fast-forward can have left it. */
async function isUnfinished(place: Checkout, { path, to }: Difference): Promise<boolean> {
  // Git never writes through a link, so whatever is there is not its doing.
  if (await isBehindLink(place.workTree, path)) return false
  const file = absolute(place, path)
  const found = await lookAt(file)
  if (found === null) return true
  if (to === null) return false
  if (found.isSymbolicLink()) {
    return (
      to.mode === '120000' && (await readlink(file, 'buffer')).equals(await checkedOut(place, path, to.oid))
    )
  }
  return found.isFile() && isBeginning(await readFile(file), await checkedOut(place, path, to.oid))
}

/** Whether a file is a whole one up to some byte and has nothing after it; zeros, where a power cut has left room. */
export function isBeginning(left: Buffer, whole: Buffer): boolean {
  const end = left.findLastIndex((byte) => byte !== 0) + 1
  return left.length <= whole.length && whole.subarray(0, end).equals(left.subarray(0, end))
}

export function absolute({ workTree }: Checkout, path: Buffer): Buffer {
  return below(workTree, path)
}
