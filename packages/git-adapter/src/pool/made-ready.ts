import { readFile } from 'node:fs/promises'
import { parseIndex, type IndexEntry } from '../capture/index-file.js'
import { keyOf } from '../git/nul.js'
import type { FilePlace } from '../git/place.js'
import { git } from '../git/run.js'
import { isOpenBelow } from '../process/open-below.js'
import { bytesOnDisk, deleteDirectories, directoriesKept, ignoredDirectories } from '../setup/kept.js'
import type { Site } from '../site.js'
import { clean, type Cleaned } from './clean.js'
import type { Made } from './make-spare.js'
import type { Pristine, SetUp } from './pristine.js'
import { sparesOf, type Spare } from './spare.js'

/** Where more of the files than this part have changed, new ones are made as quickly. */
const MOST_CHANGED = 0.5

/**
 * Makes files that a task has left those of a spare, but for the directories that the next task gets as they are. Null where new files
 * are made as quickly, where there is no telling what is there, or while a process has something of it open.
 *
 * @param made `aside` is where directories go that the task has left
 */
export async function madeReady(
  site: Site,
  { aside, ...made }: Made & { readonly aside: string },
  pristine: Pristine,
): Promise<Spare | null> {
  const { commit, settings, indexFile, setUp } = pristine
  const index = await readFile(indexFile)
  const entries = entriesIn(index, commit)
  if (entries === null || (await isOpenBelow(made.path))) return null
  const left = (await directoriesKept(site, made.path)).filter((name) => isApart(entries, name))
  const cleaned = await clean(made.path, { index, entries, kept: left }, aside)
  if (cleaned.changed.size > entries.length * MOST_CHANGED) return null
  // From here on everything but the kept directories is the engine's own work, so that git may look at it.
  const place = { gitDir: made.gitDir, workTree: made.path }
  await git(place, { args: ['read-tree', '--reset', '-u', '--no-recurse-submodules', commit] })
  const { kept, bytes } = await keptOf(site, place, left, pristine.bytes)
  const isAsSetUp = setUp !== null && isStillSetUp(site, setUp, cleaned, kept)
  return { ...made, commit, settings, bytes, kept, setup: isAsSetUp ? setUp.key : null }
}

/** Null of an index that only git can read, or that is damaged. */
function entriesIn(index: Buffer, commit: string): readonly IndexEntry[] | null {
  try {
    return parseIndex(index, commit.length / 2)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Whether nothing of an index is in a directory, and no file of it in the place of one on the way there. */
function isApart(entries: readonly IndexEntry[], name: string): boolean {
  const directory = keyOf(Buffer.from(name))
  return !entries
    .map(({ path }) => keyOf(path))
    .some((path) => isWithin(path, directory) || isWithin(directory, path))
}

/** Those directories that the next task gets as they are, where there is room for them; and what everything takes on the disk then. */
async function keptOf(
  site: Site,
  place: FilePlace,
  left: readonly string[],
  bytes: number,
): Promise<Pick<Spare, 'kept' | 'bytes'>> {
  const ignored = await ignoredDirectories(place, left)
  const all = bytes + (await bytesOnDisk(place.workTree, ignored))
  const others = (await sparesOf(site)).reduce((sum, spare) => sum + spare.bytes, 0)
  const hasRoom = others + all <= (site.poolLimits()?.maxBytes ?? 0)
  const kept = hasRoom ? ignored : []
  await deleteDirectories(
    place.workTree,
    left.filter((name) => !kept.includes(name)),
  )
  return { kept, bytes: hasRoom ? all : bytes }
}

/** Whether what set-up had made is all there, and nobody has touched what it was made of. */
function isStillSetUp(site: Site, { made }: SetUp, cleaned: Cleaned, kept: readonly string[]): boolean {
  const inputs = (site.setup?.inputs ?? []).map((name) => keyOf(Buffer.from(name)))
  const touched = [...cleaned.changed, ...cleaned.removed]
  const isTouched = touched.some((path) =>
    inputs.some((input) => isWithin(path, input) || isWithin(input, path)),
  )
  return !isTouched && made.length > 0 && made.every((name) => kept.includes(name))
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}
