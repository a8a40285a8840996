import type { Rejected } from '@coppice/core'
import { resolveOne } from '../git/objects.js'
import { configured, fetching } from '../git/place.js'
import { git, type GitResult } from '../git/run.js'
import type { Site } from '../site.js'
import { cautionFor, type Cautious } from './agents-checkout.js'
import { standsOn, type Checkout } from './checkouts.js'
import { underMark } from './landing-mark.js'
import type { Move } from './move.js'
import { ownChanges } from './own-changes.js'
import { takeBack } from './put-back.js'
import { rejected } from './rejected.js'

/** What git says when it has looked at the checkout and touched nothing. Anything else can come when it is at work. */
const IN_THE_WAY =
  /^error: (?:Your local changes|The following untracked|Updating the following directories would lose|Entry )/m
const LOCKED = /^fatal: Unable to create '.*index\.lock': File exists/m

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
 * Fast-forwards a branch in the checkout that stands on it, so that branch, index and files move together. Changes of the
 * user's own are looked for before anything begins, so that all that is found changed after a crash is git's doing. Git
 * looks again, and the flag keeps it from overwriting ignored files. Where it fails over something else (a full disk, a
 * locked branch), what it has written is taken back. Answers with the refusal, or null; the caller looks at the ref.
 */
export async function bringAlong(
  site: Site,
  { gitDir, workTree, busyWith }: Checkout,
  { branch, base, commit, reason }: FastForward,
): Promise<Rejected | null> {
  if (workTree === null) return inTheWay(`${branch} is checked out, and git does not tell where`)
  const where = `${branch} is checked out in ${workTree}`
  if (busyWith !== null) return inTheWay(`${where}, in the middle of ${busyWith}`)
  const move = { gitDir, workTree, from: base, to: commit }
  const cautiously = await cautionFor(site, move)
  if (typeof cautiously !== 'function') return cautiously
  const files = await ownChanges(move, cautiously)
  if (files.length > 0) return inTheWay(`${where}, ${OWN_CHANGES}`, { files })
  return underMark(site, move, async () => {
    // While the mark was made durable its user may have turned to another branch, and git moves the one that it finds.
    if (!(await standsOn(site.repository, gitDir, branch))) return null
    const { exitCode, stderr } = await fastForward(move, cautiously, branch, reason)
    if (exitCode === 0) return null
    const details = { files: filesIn(stderr), exitCode, output: stderr.trim() }
    if (LOCKED.test(stderr)) {
      return inTheWay(`${where}, whose index git has locked; merge again when it is done`, details)
    }
    if (IN_THE_WAY.test(stderr)) return inTheWay(`${where}, ${OWN_CHANGES}`, details)
    if ((await resolveOne({ gitDir }, 'HEAD')) !== base) return null
    const rest = (await takeBack(move)) ? '' : `; its files and index are as ${commit} has them, and stay so`
    return inTheWay(`${where}, where git could not bring it along: ${details.output}${rest}`, details)
  })
}

const OWN_CHANGES = 'where changes of your own are in the way; commit or move them'

function fastForward(
  { gitDir, workTree, to }: Move,
  cautiously: Cautious,
  branch: string,
  reason: string,
): Promise<GitResult> {
  const place = fetching({ gitDir, workTree, variables: { GIT_REFLOG_ACTION: reason } })
  const args = ['merge', '--quiet', '--ff-only', '--no-overwrite-ignore', '--no-autostash', to]
  // What a branch is configured to be merged with would make another commit of it.
  const own = configured(place, `branch.${branch}.mergeOptions`, '')
  return git(cautiously(own), { args: [...DURABLE_INDEX, ...args], answers: [1, 2, 128] })
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
