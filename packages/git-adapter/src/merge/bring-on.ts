import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkedOut } from '../git/checked-out.js'
import { differencesOf } from '../git/differences.js'
import { joinNul } from '../git/nul.js'
import { fetching } from '../git/place.js'
import { git } from '../git/run.js'
import { lookAt } from '../files/look.js'
import { isBehindLink } from '../files/look-below.js'
import type { Move } from './move.js'
import { absolute, isBeginning, isIndexed } from './put-back.js'

/**
 * Brings the files of a checkout on to its index where that is already the one of a fast-forward: a power cut can keep the
 * index and the branch that git wrote, and of the files before them only a beginning, or nothing. Whatever is newer than
 * the index is the user's and stays.
 */
export async function bringOn({ gitDir, workTree, from, to }: Move): Promise<void> {
  const place = { ...fetching({ gitDir }), workTree }
  const differences = await differencesOf(place, from, to)
  if (!(await isIndexed(place, differences))) return
  const { mtimeMs: indexedAt } = await stat(join(gitDir, 'index'))
  const torn: Buffer[] = []
  for (const { path, to: entry } of differences) {
    if (await isBehindLink(workTree, path)) continue
    const file = absolute(place, path)
    const found = await lookAt(file)
    if (entry === null || found?.isFile() !== true || found.mtimeMs > indexedAt) continue
    const [whole, left] = [await checkedOut(place, path, entry.oid), await readFile(file)]
    if (!left.equals(whole) && isBeginning(left, whole)) torn.push(path)
  }
  const args = ['checkout-index', '--force', '-z', '--stdin']
  if (torn.length > 0) await git(place, { args, input: joinNul(torn) })
}
