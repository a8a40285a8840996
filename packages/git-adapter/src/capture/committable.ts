import { mkdir, rm } from 'node:fs/promises'
import { differencesOf, type Difference } from '../git/differences.js'
import { changeInfo } from '../git/index-info.js'
import { joinNul, keyOf } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { writeTree } from '../git/objects.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import { upToDate } from '../repository/settings.js'
import type { Site } from '../site.js'
import type { Capture } from './capture.js'
import { asGitTakes, conversionsOf, isFile } from './conversions.js'
import { isUntouched } from './filtered.js'
import { mayHave } from './index-file.js'
import { withIndexFile } from './index-slot.js'

/** The tree that a commit of everything would have, and the paths whose content only a filter of the user's could tell. */
export interface Committable {
  readonly tree: string
  readonly filtered: readonly string[]
  /** Why git would not commit the files as attributes want them, and the tree has them as they are; or null. */
  readonly refusal: string | null
}

/** What a checkpoint holds; where it was just taken also which paths the agent's git takes for staged. */
type Content = Pick<Capture, 'tree' | 'index'> & Partial<Pick<Capture, 'settled' | 'look'>>

/**
 * What `git add --all` would make of a checkpoint's files. A checkpoint holds them byte for byte; a commit holds them
 * as attributes want them, with line ends normalised. Git does that itself, on files of its own: attributes come from
 * the checkpoint, but what a filter would make of a file is not found out, for an agent chooses them.
 */
export async function committable(
  opened: Site,
  { tree, index, settled, look }: Content,
  signal?: AbortSignal,
): Promise<Committable> {
  if (tree === index) return { tree, filtered: [], refusal: null }
  const site = look?.site ?? (await upToDate(opened))
  // Nothing of the index counts but its files with attributes; where there are none, it need not be made.
  const isBare = look != null && !mayHave(look.index, ATTRIBUTES)
  const store = await privateGit(site, 'raw')
  const plain = await privateGit(site, 'plain')
  const taken = await differencesOf(store, index, tree)
  const differences = taken.map((each) => asGitTakes(site.repository.settings, each))
  return withIndexFile(site, async (indexFile) => {
    const workTree = `${indexFile}.files`
    const raw = { ...store, indexFile, workTree }
    const place = { ...plain, indexFile, workTree }
    try {
      await mkdir(workTree)
      if (!isBare) await git(raw, { args: ['read-tree', tree] }, signal)
      const files = differences.filter(({ to }) => isFile(to))
      const { converted, filtered } = await conversionsOf(site.repository.settings, place, files)
      if (filtered.length > 0) await checkOutAttributes(raw)
      const untouched = new Set<Difference>()
      const left: string[] = []
      for (const each of filtered) {
        const isSettled = settled?.has(keyOf(each.path)) === true
        if (isSettled || (await isUntouched({ ...site.repository.place, workTree }, each)))
          untouched.add(each)
        else left.push(each.path.toString('utf8'))
      }
      const isAsTaken = differences.every((each, at) => each === taken[at])
      if (isAsTaken && converted.length + untouched.size === 0) {
        return { tree, filtered: left, refusal: null }
      }
      if (isBare) await git(raw, { args: ['read-tree', tree] }, signal)
      const paths = joinNul(converted.map(({ path }) => path))
      await git(raw, { args: ['checkout-index', '--force', '-z', '--stdin'], input: paths }, signal)
      await git(raw, { args: ['read-tree', index] }, signal)
      const apart = new Set([...converted, ...untouched])
      const input = changeInfo(differences.filter((each) => !apart.has(each)))
      await git(raw, { args: ['update-index', '-z', '--index-info'], input }, signal)
      const args = ['update-index', '-z', '--add', '--replace', '--stdin']
      const added = await git(place, { args, input: paths, answers: [128] }, signal)
      if (added.exitCode !== 0) return { tree, filtered: [], refusal: added.stderr.trim() }
      return { tree: await writeTree(place), filtered: left, refusal: null }
    } finally {
      await rm(workTree, { recursive: true, force: true })
    }
  })
}

/** What a file that gives attributes is called in any directory. */
const ATTRIBUTES = '.gitattributes'

/** Filters are looked for in files of the work tree. */
async function checkOutAttributes(place: Place): Promise<void> {
  const { stdout } = await git(place, {
    args: ['ls-files', '-z', '--', ATTRIBUTES, `*/${ATTRIBUTES}`],
  })
  await git(place, { args: ['checkout-index', '--force', '-z', '--stdin'], input: stdout })
}
