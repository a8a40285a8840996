import type { Rejected } from '@coppice/core'
import { resolveOne } from '../git/objects.js'
import { fetching } from '../git/place.js'
import { git } from '../git/run.js'
import type { Site } from '../site.js'
import { standsOn, type Checkout } from './checkouts.js'
import { underMark } from './landing-mark.js'
import { putBack } from './put-back.js'
import { rejected } from './rejected.js'

/** What git says, among other things, when a checkout stands in the way of a fast-forward. */
const IN_THE_WAY = /would be overwritten|index\.lock|local changes|not uptodate|untracked working tree/i

/** An index that a power cut leaves empty would make every git command in the checkout fail. */
const DURABLE_INDEX = ['-c', 'core.fsync=committed,loose-object,reference,index']

export interface FastForward {
  readonly branch: string
  readonly base: string
  readonly commit: string
  /** For the reflog. */
  readonly reason: string
}

/**
 * Fast-forwards a branch in the checkout that stands on it, so that branch, index and files move together. Git looks
 * at all files first and refuses without touching anything where the user's own work is in the way; the flag keeps
 * it from overwriting ignored files. Where it fails over something else (a full disk, a directory that cannot be
 * written), what it has written is put back. Answers with the refusal, or null; the caller looks at the ref.
 */
export async function bringAlong(
  site: Site,
  { gitDir, workTree, busyWith }: Checkout,
  { branch, base, commit, reason }: FastForward,
): Promise<Rejected | null> {
  if (workTree === null) return inTheWay(`${branch} is checked out, and git does not tell where`)
  if (busyWith !== null)
    return inTheWay(`${branch} is checked out in ${workTree}, in the middle of ${busyWith}`)
  const place = fetching({ gitDir, workTree, variables: { GIT_REFLOG_ACTION: reason } })
  const args = [
    ...DURABLE_INDEX,
    'merge',
    '--quiet',
    '--ff-only',
    '--no-overwrite-ignore',
    '--no-autostash',
    commit,
  ]
  const move = { gitDir, workTree, from: base, to: commit }
  return underMark(site, move, async () => {
    // While the mark was made durable its user may have turned to another branch, and git moves the one that it finds.
    if (!(await standsOn(site.repository, gitDir, branch))) return null
    const { exitCode, stderr } = await git(place, { args, answers: [1, 2, 128] })
    if (exitCode === 0) return null
    const details = { files: filesIn(stderr), exitCode, output: stderr.trim() }
    if (IN_THE_WAY.test(stderr)) {
      return inTheWay(
        `${branch} is checked out in ${workTree}, where changes of your own are in the way; commit or move them`,
        details,
      )
    }
    if ((await resolveOne(place, 'HEAD')) !== base) return null
    await putBack(move)
    return inTheWay(
      `${branch} is checked out in ${workTree}, where git could not bring it along: ${details.output}`,
      details,
    )
  })
}

type Details = Parameters<typeof rejected>[2]

function inTheWay(message: string, details?: Details): Rejected {
  return rejected('checkout-in-the-way', message, details)
}

/** Git names the files that are in its way one a line, indented. */
function filesIn(stderr: string): readonly string[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('\t'))
  return lines.map((line) => line.trim())
}
