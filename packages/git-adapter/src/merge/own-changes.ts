import { lookAt } from '../files/look.js'
import { below } from '../files/look-below.js'
import { differencesOf, type Difference } from '../git/differences.js'
import { keyOf, splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import type { Cautious } from './agents-checkout.js'
import { hiddenChanges } from './hidden-changes.js'
import type { Move } from './move.js'

/** What a checkout has otherwise than its HEAD: what its index says of a path, and whether the file is as that. */
interface Change {
  /** Octal mode and object id, as for `TreeEntry`; null where the index has no such path. */
  readonly staged: string | null
  readonly isFileAsStaged: boolean
}

/**
 * The paths that a fast-forward would write and in which a checkout is not as the commit it stands on: what is there is
 * somebody's own. It counts as brought along already where index and file both are as they are to become.
 */
export async function ownChanges(move: Move, cautiously: Cautious): Promise<readonly string[]> {
  const { gitDir, workTree, from, to } = move
  const differences = await differencesOf({ gitDir }, from, to)
  const args = [
    'status',
    '--porcelain=v2',
    '-z',
    '--untracked-files=no',
    '--no-renames',
    '--ignore-submodules=dirty',
  ]
  const changes = changesIn((await git(cautiously({ gitDir, workTree }), { args })).stdout)
  const hidden = await hiddenChanges(move, new Set(differences.map(({ path }) => keyOf(path))))
  const own: string[] = []
  for (const difference of differences) {
    const { path } = difference
    const change = changes.get(keyOf(path))
    const isOwn =
      change === undefined
        ? difference.from === null && (await isFileAt(below(workTree, path)))
        : !isDone(change, difference)
    if (isOwn || hidden.has(keyOf(path))) own.push(path.toString('utf8'))
  }
  return own
}

/** In the place of a new file a directory may stand whose files all go; whether others are in it, git sees to. */
async function isFileAt(path: Buffer): Promise<boolean> {
  const found = await lookAt(path)
  return found !== null && !found.isDirectory()
}

function isDone({ staged, isFileAsStaged }: Change, { to }: Difference): boolean {
  return isFileAsStaged && staged === (to === null ? null : `${to.mode} ${to.oid}`)
}

/** @see https://git-scm.com/docs/git-status#_porcelain_format_version_2 */
const CHANGED = /^1 .(?<file>.) \S+ \S+ (?<mode>\S+) \S+ \S+ (?<oid>\S+) /
const UNMERGED = /^u (?:\S+ ){9}/

function changesIn(status: Buffer): ReadonlyMap<string, Change> {
  const found = new Map<string, Change>()
  for (const line of splitNul(status).map((each) => each.toString('latin1'))) {
    const changed = CHANGED.exec(line)
    const { file, mode = '', oid = '' } = changed?.groups ?? {}
    const head = changed?.[0] ?? UNMERGED.exec(line)?.[0]
    if (head === undefined) continue
    const staged = mode === '000000' ? null : `${mode} ${oid}`
    found.set(line.slice(head.length), { staged, isFileAsStaged: file === '.' })
  }
  return found
}
