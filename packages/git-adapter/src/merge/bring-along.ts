import type { Rejected } from '@coppice/core'
import { git } from '../git/run.js'
import type { Checkout } from './checkouts.js'
import { rejected } from './rejected.js'

/** What git says, among other things, when a checkout stands in the way of a fast-forward. */
const IN_THE_WAY = /would be overwritten|index\.lock|local changes|not uptodate|untracked working tree/i

/**
 * Fast-forwards a branch in the checkout that stands on it, so that branch, index and files move together. Git looks
 * at all files first and refuses without touching anything where the user's own work is in the way; the flag keeps
 * it from overwriting ignored files. Answers with the refusal, or null; the caller looks at the ref.
 */
export async function bringAlong(
  checkout: Checkout,
  branch: string,
  commit: string,
  reason: string,
): Promise<Rejected | null> {
  const { gitDir, workTree, busyWith } = checkout
  if (workTree === null) {
    return rejected('checkout-in-the-way', `${branch} is checked out, and git does not tell where`)
  }
  if (busyWith !== null) {
    return rejected(
      'checkout-in-the-way',
      `${branch} is checked out in ${workTree}, in the middle of ${busyWith}`,
    )
  }
  const place = { gitDir, workTree, variables: { GIT_REFLOG_ACTION: reason } }
  const args = ['merge', '--quiet', '--ff-only', '--no-overwrite-ignore', '--no-autostash', commit]
  const { exitCode, stderr } = await git(place, { args, answers: [1, 2, 128] })
  if (exitCode === 0 || !IN_THE_WAY.test(stderr)) return null
  const files = stderr
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.trim())
  const message = `${branch} is checked out in ${workTree}, where changes of your own are in the way; commit or move them`
  return rejected('checkout-in-the-way', message, { files, exitCode, output: stderr.trim() })
}
