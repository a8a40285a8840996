import { RestlessWorktreeError } from '@coppice/core'
import { copyFile } from 'node:fs/promises'
import { gitFailure } from '../errors/git-errors.js'
import { unless } from '../files/look.js'
import type { Place } from '../git/place.js'
import { keyOf } from '../git/nul.js'
import { writeTree } from '../git/objects.js'
import { git } from '../git/run.js'
import { bothOf } from './both-of.js'
import { listChanges, type Changes } from './changes.js'
import type { IndexEntry } from './index-file.js'
import { date, secondBefore } from './index-times.js'

/** How often the worktree is looked at again before it is said to change too fast. */
export const MAX_LOOKS = 10

/** A worktree's files, and an index that is brought up to them. */
export interface Files {
  readonly place: Place & { readonly workTree: string; readonly indexFile: string }
  readonly task: string
  readonly oidLength: number
  readonly entries: readonly IndexEntry[]
  /** The tree of the index as it is, or null where it is none for its conflicts. */
  readonly staged: string | null
}

export interface CapturedFiles {
  readonly tree: string
  readonly uncaptured: readonly string[]
  /** Whether nothing had to be brought up, so that the index is the same. */
  readonly isIndexSame: boolean
}

/**
 * Takes the files as a tree. The last thing that is done is a look that finds nothing new, so that what follows at
 * once follows on what was captured.
 *
 * @throws {RestlessWorktreeError} when no two looks agreed
 */
export async function captureFiles(files: Files, signal?: AbortSignal): Promise<CapturedFiles> {
  const { place, entries, task, staged } = files
  let seen = place
  let isChanged = false
  // Git calls no side of a conflict changed that is what the file is, but the path has to be settled all the same.
  let open = entries.filter(({ stage }) => stage > 0).map(({ path }) => path)
  const refused = new Set<string>()
  for (let look = 0; look < MAX_LOOKS; look++) {
    const began = secondBefore()
    // The tree of what the look before found is written meanwhile; as long as a conflict is in the index, it has none.
    const isTree = isChanged && open.length === 0
    const written = isTree ? writeTree(place, signal) : Promise.resolve(isChanged ? null : staged)
    const [listed, tree] = await bothOf(listChanges(seen, open, signal), written)
    const changes = listed.refusing(refused)
    if (tree !== null && changes.isEmpty) {
      await date(place.indexFile, began)
      return { tree, uncaptured: changes.uncaptured, isIndexSame: look === 0 }
    }
    const update = await updateIndex(files, changes, signal)
    // Where one of the files was not read, some may have been, and what is gone is.
    seen = await copied(place, began)
    isChanged = true
    if (!update.isStable) continue
    for (const path of update.refused) refused.add(keyOf(path))
    open = []
  }
  throw new RestlessWorktreeError(task, { looks: MAX_LOOKS })
}

/** Where there is no file, git writes no index. */
const GONE = new Set(['ENOENT'])

/** A copy of an index for the next look, while git writes the trees of the index, and with them the index itself anew. */
async function copied(place: Files['place'], began: number): Promise<Files['place']> {
  const indexFile = `${place.indexFile}.seen`
  await unless(GONE, copyFile(place.indexFile, indexFile), undefined)
  await date(indexFile, began)
  return { ...place, indexFile }
}

const UNSTABLE = /unstable object source|short read/

/** What has become of an index that was brought up to files. */
export interface IndexUpdate {
  /** False where a file changed while git read it. */
  readonly isStable: boolean
  /** What git never takes, such as a link named `.gitmodules` or a name that is `.git` on other systems. */
  readonly refused: readonly Buffer[]
}

/** Brings the index up to the files: what is gone first, for a directory may stand where a file was. */
export async function updateIndex(
  { place, oidLength }: Files,
  changes: Changes,
  signal?: AbortSignal,
): Promise<IndexUpdate> {
  if (changes.removed.length > 0) {
    const args = ['update-index', '-z', '--index-info']
    await git(place, { args, input: changes.removalInfo(oidLength) }, signal)
  }
  if (changes.present.length === 0) return { isStable: true, refused: [] }
  const args = ['update-index', '-z', '--add', '--replace', '--remove', '--stdin']
  const command = { args, input: changes.presentPaths(), answers: [128] }
  const { exitCode, stderr } = await git(place, command, signal)
  if (exitCode !== 0 && !UNSTABLE.test(stderr)) throw gitFailure(args, exitCode, stderr)
  const refused = changes.present.filter((path) =>
    stderr.includes(`Ignoring path ${path.toString('utf8')}\n`),
  )
  return { isStable: exitCode === 0, refused }
}
