import { RestlessWorktreeError } from '@coppice/core'
import { copyFile, utimes } from 'node:fs/promises'
import { gitFailure } from '../errors/git-errors.js'
import { unless } from '../files/look.js'
import type { Place } from '../git/place.js'
import { keyOf } from '../git/nul.js'
import { writeTree } from '../git/objects.js'
import { git } from '../git/run.js'
import { listChanges, type Changes } from './changes.js'
import type { IndexEntry } from './index-file.js'

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
  /** Whether the index knows the times of its files; where it does not, git has to read them. */
  readonly isTimed: boolean
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
  const { place, entries, task, isTimed, staged } = files
  let seen = place
  let isChanged = false
  // Git calls no side of a conflict changed that is what the file is, but the path has to be settled all the same.
  let open = entries.filter(({ stage }) => stage > 0).map(({ path }) => path)
  const refused = new Set<string>()
  for (let look = 0; look < MAX_LOOKS; look++) {
    const began = Math.floor(Date.now() / MS_PER_SECOND) - 1
    // The tree of what the look before found is written meanwhile.
    const written = isChanged ? writeTree(place, signal) : staged
    const [listed, tree] = await Promise.all([listChanges(seen, open, isTimed, signal), written])
    const changes = listed.refusing(refused)
    if (tree !== null && changes.isEmpty) {
      await date(place.indexFile, began)
      return { tree, uncaptured: changes.uncaptured, isIndexSame: look === 0 }
    }
    const update = await updateIndex(files, changes, signal)
    if (!update.isStable) continue
    for (const path of update.refused) refused.add(keyOf(path))
    open = []
    seen = await copied(place, began)
    isChanged = true
  }
  throw new RestlessWorktreeError(task, { looks: MAX_LOOKS })
}

/** A copy of an index for the next look, while git writes the trees of the index, and with them the index itself anew. */
async function copied(place: Files['place'], began: number): Promise<Files['place']> {
  const indexFile = `${place.indexFile}.seen`
  await unless(GONE, copyFile(place.indexFile, indexFile), undefined)
  await date(indexFile, began)
  return { ...place, indexFile }
}

const MS_PER_SECOND = 1_000

/**
 * Dates an index from before the look that it is of. Git looks into files that are not older than their index, so that one which changed
 * after it was read, in the same second and to the same size, is seen: git itself dates an index when it has written it.
 */
async function date(indexFile: string, seconds: number): Promise<void> {
  await unless(GONE, utimes(indexFile, seconds, seconds), undefined)
}

/** Where there is no file, git writes no index. */
const GONE = new Set(['ENOENT'])

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
