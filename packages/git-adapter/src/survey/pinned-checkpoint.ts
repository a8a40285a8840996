import type { Checkpoint } from '@coppice/core'
import { OPERATION_MESSAGE } from '../capture/operation-files.js'
import { CARRIED_MESSAGE } from '../capture/pin.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { readCommit, type CommitText } from './read-commit.js'
import type { Numbered } from './task-refs.js'

/**
 * Puts a checkpoint together again from the commit that pins it, which has HEAD, what was staged, the branch's tip, what is
 * carried along, and what git was in the middle of as its parents, where these are apart. What a commit cannot say: on which branch HEAD was when it was not at the
 * branch's tip, so that it comes back detached; and which paths could not be captured.
 *
 * @param branch the task's own, short
 * @returns null for a commit that cannot be read
 */
export async function pinnedCheckpoint(
  place: Place,
  { number, ref, commit }: Numbered,
  branch: string,
): Promise<Checkpoint | null> {
  const found = await readCommit(place, commit)
  if (found === null) return null
  const { tree } = found
  const pinned = { number, ref, commit, tree, uncaptured: [] }
  // HEAD itself is pinned where there is nothing beside it.
  if (!found.isEngines) return { ...pinned, head: commit, tip: commit, branch, index: tree, rawIndex: null }
  const { head, staged, tip, carried, operation } = await partsOf(place, found)
  const headTree = head === null ? null : ((await readCommit(place, head))?.tree ?? null)
  const index = staged === null ? (headTree ?? tree) : staged.index
  const isOnTip = tip === null
  return {
    ...pinned,
    head,
    tip: isOnTip ? head : tip,
    branch: isOnTip ? branch : null,
    index,
    rawIndex: staged?.rawIndex ?? null,
    ...(carried === null ? {} : { carried }),
    ...(operation === null ? {} : { operation }),
  }
}

interface Parts {
  readonly head: string | null
  readonly staged: { readonly index: string; readonly rawIndex: string | null } | null
  /** Null where it was HEAD. */
  readonly tip: string | null
  /** A tree, or null for none. */
  readonly carried: string | null
  /** A tree, or null for none. */
  readonly operation: string | null
}

async function partsOf(place: Place, { parents: all }: CommitText): Promise<Parts> {
  // A HEAD without a commit is no parent.
  const unborn = await stagedIn(place, all[0] ?? null, null)
  const head = unborn === null ? (all[0] ?? null) : null
  const parents = [...all]
  const takeLast = async (message: string): Promise<string | null> => {
    const tree = await besideIn(place, parents.at(-1) ?? null, message, head)
    if (tree !== null) parents.pop()
    return tree
  }
  const operation = await takeLast(OPERATION_MESSAGE)
  const carried = await takeLast(CARRIED_MESSAGE)
  const [first = null, second = null, third = null] = parents
  if (unborn !== null) return { head, staged: unborn, tip: second, carried, operation }
  const staged = await stagedIn(place, second, first)
  return { head: first, staged, tip: staged === null ? second : third, carried, operation }
}

/** The tree of a commit that the engine made beside a checkpoint's own, with a message that says what for. */
async function besideIn(
  place: Place,
  commit: string | null,
  message: string,
  head: string | null,
): Promise<string | null> {
  const found = commit === null ? null : await readCommit(place, commit)
  const isOne =
    found !== null &&
    found.isEngines &&
    found.message === `${message}\n` &&
    (found.parents[0] ?? null) === head
  return isOne ? found.tree : null
}

/** What was staged, where a commit is the engine's holder of that. */
async function stagedIn(place: Place, commit: string | null, head: string | null): Promise<Parts['staged']> {
  const tree = await besideIn(place, commit, 'what was staged', head)
  if (tree === null) return null
  return (await rawIndexIn(place, tree)) ?? { index: tree, rawIndex: null }
}

const HOLDER = /^100644 blob (\S+)\tindex\n040000 tree \S+\tobjects\n040000 tree (\S+)\tstaged\n$/

/** Where a tree could not say all of the index, the holder has the index file, its objects and the tree side by side. */
async function rawIndexIn(place: Place, holder: string): Promise<Parts['staged']> {
  const { stdout } = await git(place, { args: ['ls-tree', '-z', holder] })
  const [, rawIndex, index] = HOLDER.exec(stdout.toString('utf8').replaceAll('\0', '\n')) ?? []
  if (rawIndex === undefined || index === undefined) return null
  // Somebody's own files may have these names; only an index begins like one.
  const blob = await git(place, { args: ['cat-file', 'blob', rawIndex], answers: [1, 128] })
  return blob.stdout.toString('latin1', 0, 4) === 'DIRC' ? { index, rawIndex } : null
}
