import { join } from 'node:path'
import { isThere } from '../files/look.js'

/** Files whose presence says that an operation is under way, and what to call it. */
const OPERATIONS: readonly (readonly [string, string])[] = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase or `git am`'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisection'],
]

/** What git is in the middle of in a checkout, or null. */
export async function operationIn(gitDir: string): Promise<string | null> {
  for (const [file, operation] of OPERATIONS) if (await isThere(join(gitDir, file))) return operation
  return null
}
