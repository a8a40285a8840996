import type { TaskState } from '@coppice/core'
import { join } from 'node:path'
import { withIndexCopy } from '../capture/index-copy.js'
import type { IndexEntry } from '../capture/index-file.js'
import { holderOf, storeIndex } from '../capture/raw-index.js'
import { WorktreeBrokenError } from '../errors/worktree-errors.js'
import { lookAt } from '../files/look.js'
import { entryLine, forgetLine } from '../git/index-info.js'
import { joinNul, keyOf } from '../git/nul.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git, gitLine } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { keepAside } from './aside.js'

/**
 * A tree that holds all that the index of a lost worktree names, or null where its task's newest checkpoint has that. Where
 * the index is that of a conflict, or of something in it is lost, the tree has it as a file, all that it names, and one
 * side of each conflict among what was staged.
 */
export async function salvageIndex(site: Site, task: TaskState, gitDir: string): Promise<string | null> {
  const original = join(gitDir, 'index')
  // Git would wait for a pipe.
  if ((await lookAt(original))?.isFile() !== true) return null
  const oidLength = task.base.commit.length / 2
  const raw = await privateGit(site, 'raw')
  try {
    return await withIndexCopy(site, { path: task.path, gitDir, oidLength }, async ({ file, entries }) => {
      const place = { ...raw, indexFile: file }
      const tree = await treeOf(place)
      if (tree !== null) return tree === task.checkpoint?.index ? null : tree
      const held = await heldOf(place, entries)
      const stored = await storeIndex(place, held, oidLength)
      if (stored.blob === task.checkpoint?.rawIndex) return null
      return holderOf(place, stored, await settledTree(place, entries, held))
    })
  } catch (error) {
    if (!(error instanceof WorktreeBrokenError)) throw error
    // What it named cannot be told any more; a person may find out.
    await keepAside(site, original)
    return null
  }
}

/** The tree of an index, or null where it has none for its conflicts, or names what is lost. */
async function treeOf(place: Place): Promise<string | null> {
  const { exitCode, stdout } = await git(place, { args: ['write-tree'], answers: [128] })
  return exitCode === 0 ? stdout.toString('utf8').trim() : null
}

/** Those entries whose objects are there, or need not be: a submodule's is elsewhere, a partial clone has promised others. */
async function heldOf(place: Place, entries: readonly IndexEntry[]): Promise<readonly IndexEntry[]> {
  const oids = entries.map(({ oid }) => oid)
  const found = await resolve({ ...place, isPartial: false }, oids)
  return entries.filter(({ mode }, index) => {
    return found[index] !== null || mode === SUBMODULE || place.isPartial === true
  })
}

const SUBMODULE = 0o160000

/** Which side of a conflict stands for it: what was there, else theirs, else what both began with. */
const SIDES = [0, 2, 3, 1]

/** The tree of an index when each conflict in it is settled by taking one side, and what is lost is left out. */
async function settledTree(
  place: Place,
  entries: readonly IndexEntry[],
  held: readonly IndexEntry[],
): Promise<string> {
  const chosen = new Map<string, IndexEntry>()
  for (const entry of held.toSorted((a, b) => SIDES.indexOf(b.stage) - SIDES.indexOf(a.stage))) {
    chosen.set(keyOf(entry.path), entry)
  }
  const open = entries.filter((entry) => entry.stage > 0 || !chosen.has(keyOf(entry.path)))
  const removed = open.map(({ oid, path }) => forgetLine(path, oid.length))
  const settled = open.flatMap((entry) => {
    const { mode, oid, path } = chosen.get(keyOf(entry.path)) ?? {}
    return mode === undefined || oid === undefined || path === undefined
      ? []
      : [entryLine({ mode: mode.toString(8), oid }, path)]
  })
  const args = ['update-index', '-z', '--index-info']
  await git(place, { args, input: joinNul([...removed, ...settled]) })
  return gitLine(place, { args: ['write-tree'] })
}
