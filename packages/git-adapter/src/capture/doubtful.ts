import { lstat } from 'node:fs/promises'
import { unless } from '../files/look.js'
import { below, isBehindLink } from '../files/look-below.js'
import { keyOf } from '../git/nul.js'
import type { SizedObject } from '../git/objects.js'
import type { Site } from '../site.js'
import { filteredPaths } from './filtered.js'
import { changedSince } from './changed-since.js'
import type { IndexCopy } from './index-copy.js'
import type { IndexEntry } from './index-file.js'

const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000

export interface Doubts {
  /** The entries whose files have to be looked at although the index takes them for unchanged. */
  readonly entries: readonly IndexEntry[]
  /** The paths among them that the agent's git rightly takes for unchanged, as Latin-1 text: of what is staged a filter left something out. */
  readonly settled: ReadonlySet<string>
}

/** A worktree's files, and the second in which they were handed to its task. */
export interface Handed {
  readonly workTree: string
  readonly since: number
}

/**
 * Finds out which files have to be looked at in any case: the agent had git assume them unchanged; they may have changed
 * within a second; or they are not the bytes of their objects, for line ends were converted or identifiers filled in, which
 * their sizes tell, or a filter of the user's stored something else that nothing makes again. What a filter can make again
 * (Git LFS, for one) is left to the filter, unless it may have changed since to the nanosecond.
 *
 * @param objects those of `storedFiles`, in that order
 */
export async function doubtsOf(
  site: Site,
  { workTree, since }: Handed,
  { entries, isRacy }: IndexCopy,
  objects: readonly (SizedObject | null)[],
): Promise<Doubts> {
  const stored = storedFiles(entries)
  // The index keeps the lower 32 bits of a size; an object that is missing has none.
  const converted = new Set(stored.filter(({ size }, at) => (objects[at]?.size ?? NaN) % 2 ** 32 !== size))
  const { lossyFilters } = site.repository.settings
  const lossy = await filteredPaths(site, { workTree }, pathsOf(stored), lossyFilters)
  const changed = changedSince(workTree, entries, since)
  const doubtful = entries.filter((entry) => {
    const isOther = converted.has(entry) || lossy.has(keyOf(entry.path))
    return entry.assumeUnchanged || isRacy(entry, 'seconds') || changed.has(entry) || isOther
  })
  const filtered = await filteredPaths(site, { workTree }, pathsOf(doubtful))
  const seen: IndexEntry[] = []
  const settled = new Set<string>()
  for (const entry of doubtful) {
    const key = keyOf(entry.path)
    const isKnown = filtered.has(key) && !entry.assumeUnchanged && !isRacy(entry, 'nanoseconds')
    const isAsStaged = isKnown && (await isAsIndexed(workTree, entry))
    if (!isAsStaged || lossy.has(key)) seen.push(entry)
    if (isAsStaged && lossy.has(key)) settled.add(key)
  }
  return { entries: seen, settled }
}

/** The entries of files that are stored as objects. */
export function storedFiles(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  return entries.filter(({ mode, stage, size }) => {
    return (mode & FILE_TYPE) === REGULAR_FILE && stage === 0 && size > 0
  })
}

function pathsOf(entries: readonly IndexEntry[]): readonly Buffer[] {
  return entries.map(({ path }) => path)
}

/** Whether a file is as old and as large as the index has it; to the nanosecond, which git itself does not look at. */
async function isAsIndexed(
  workTree: string,
  { path, seconds, nanoseconds, size }: IndexEntry,
): Promise<boolean> {
  if (await isBehindLink(workTree, path)) return false
  const found = await unless(GONE, lstat(below(workTree, path), { bigint: true }), null)
  if (found?.isFile() !== true) return false
  const [whole, rest] = [found.mtimeNs / NANOSECONDS, found.mtimeNs % NANOSECONDS].map(Number)
  // Git keeps the lower 32 bits of each, and not every git, or file system, knows nanoseconds.
  const isAsOld = (whole ?? NaN) % 2 ** 32 === seconds && (nanoseconds === 0 || rest === nanoseconds)
  return isAsOld && Number(found.size) % 2 ** 32 === size
}

const NANOSECONDS = 1_000_000_000n
const GONE = new Set(['ENOENT', 'ENOTDIR'])
