import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import type { IndexEntry } from '../capture/index-file.js'
import { below, parentsOf } from '../files/look-below.js'
import { removeTree } from '../files/remove-tree.js'
import { keyOf, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'

const ROOT = ''

/** Of a file that was only linked elsewhere, or had its times put back, the time of the change tells. */
const DIFFERING = [
  '-c',
  'core.trustctime=true',
  '-c',
  'core.checkStat=default',
  'diff-files',
  '-z',
  '--name-only',
]

/** The names that a directory shall have, by its path; each with whether it is a directory. */
type Wanted = ReadonlyMap<string, ReadonlyMap<string, boolean>>

/**
 * Takes everything out of a worktree but the files of an index that are still those that the index was written for: whatever an
 * agent has left, ignored files, repositories, links and pipes. No symbolic link is followed.
 *
 * @returns how many files of the index are missing then
 */
export async function clean(
  place: Place & { readonly workTree: string },
  entries: readonly IndexEntry[],
): Promise<number> {
  const { stdout } = await git(place, { args: DIFFERING })
  const changed = new Set(splitNul(stdout).map(keyOf))
  const wanted = wantedIn(entries.filter(({ path }) => !changed.has(keyOf(path))))
  for (const directory of wanted.keys()) await cleanDirectory(place.workTree, directory, wanted)
  return changed.size
}

function wantedIn(entries: readonly IndexEntry[]): Wanted {
  const wanted = new Map<string, Map<string, boolean>>([[ROOT, new Map([['.git', false]])]])
  const add = (path: Buffer, isDirectory: boolean): void => {
    const key = keyOf(path)
    const end = key.lastIndexOf('/')
    const inside = wanted.get(end === -1 ? ROOT : key.slice(0, end))
    inside?.set(key.slice(end + 1), isDirectory)
    if (isDirectory && !wanted.has(key)) wanted.set(key, new Map())
  }
  for (const { path } of entries) {
    for (const parent of parentsOf(path)) add(parent, true)
    add(path, false)
  }
  return wanted
}

/** The outer directories come first, so that none is behind a link when it is looked into. */
async function cleanDirectory(workTree: string, directory: string, wanted: Wanted): Promise<void> {
  const path = directory === ROOT ? Buffer.from(workTree) : below(workTree, Buffer.from(directory, 'latin1'))
  const names = wanted.get(directory)
  await setMode(path)
  for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
    const isDirectory = names?.get(entry.name.toString('latin1'))
    if (isDirectory !== undefined && isDirectory === entry.isDirectory()) continue
    const left = below(path, entry.name)
    if (entry.isDirectory()) await removeTree(left)
    else await rm(left)
  }
}

/** As git makes directories. */
async function setMode(path: Buffer): Promise<void> {
  const mode = 0o777 & ~process.umask()
  if (((await lstat(path)).mode & 0o7777) !== mode) await chmod(path, mode)
}
