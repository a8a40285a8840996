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

/** What was taken out of a worktree, by paths as `keyOf` has them. */
export interface Cleaned {
  /** The files of the index that are missing now. */
  readonly changed: ReadonlySet<string>
  /** Files and directories that it did not have. */
  readonly removed: readonly string[]
}

/**
 * Takes everything out of a worktree but the files of an index that are still those that the index was written for: whatever an
 * agent has left, ignored files, repositories, links and pipes. No symbolic link is followed.
 *
 * @param kept directories that stay as they are; the index has nothing in them, and no file on the way to them
 */
export async function clean(
  place: Place & { readonly workTree: string },
  entries: readonly IndexEntry[],
  kept: readonly string[],
): Promise<Cleaned> {
  const { stdout } = await git(place, { args: DIFFERING })
  const changed = new Set(splitNul(stdout).map(keyOf))
  const wanted = wantedOf(
    entries.map(({ path }) => path).filter((path) => !changed.has(keyOf(path))),
    kept.map((name) => Buffer.from(name)),
  )
  const removed: string[] = []
  for (const directory of wanted.keys()) {
    const left = await leftIn(place.workTree, directory, wanted)
    for (const each of left) await remove(place.workTree, each)
    removed.push(...left.map(({ path }) => keyOf(path)))
  }
  return { changed, removed }
}

/** Files, and directories that are not looked into, with those on the way to them. */
function wantedOf(files: readonly Buffer[], directories: readonly Buffer[]): Wanted {
  const wanted = new Map<string, Map<string, boolean>>([[ROOT, new Map([['.git', false]])]])
  const add = (path: Buffer, isDirectory: boolean): void => {
    const key = keyOf(path)
    const end = key.lastIndexOf('/')
    const inside = wanted.get(end === -1 ? ROOT : key.slice(0, end))
    inside?.set(key.slice(end + 1), isDirectory)
  }
  const addAll = (paths: readonly Buffer[], areDirectories: boolean): void => {
    for (const path of paths) {
      for (const parent of parentsOf(path)) {
        add(parent, true)
        if (!wanted.has(keyOf(parent))) wanted.set(keyOf(parent), new Map())
      }
      add(path, areDirectories)
    }
  }
  addAll(files, false)
  addAll(directories, true)
  return wanted
}

interface Left {
  readonly path: Buffer
  readonly isDirectory: boolean
}

/** What a directory has that it shall not. The outer directories come first, so that none is behind a link when it is looked into. */
async function leftIn(workTree: string, directory: string, wanted: Wanted): Promise<readonly Left[]> {
  const name = Buffer.from(directory, 'latin1')
  const path = directory === ROOT ? Buffer.from(workTree) : below(workTree, name)
  const names = wanted.get(directory)
  await setMode(path)
  const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' })
  return entries
    .filter((entry) => names?.get(keyOf(entry.name)) !== entry.isDirectory())
    .map((entry) => ({
      path: directory === ROOT ? entry.name : below(name, entry.name),
      isDirectory: entry.isDirectory(),
    }))
}

async function remove(workTree: string, { path, isDirectory }: Left): Promise<void> {
  const left = below(workTree, path)
  if (isDirectory) await removeTree(left)
  else await rm(left)
}

/** As git makes directories. */
async function setMode(path: Buffer): Promise<void> {
  const mode = 0o777 & ~process.umask()
  if (((await lstat(path)).mode & 0o7777) !== mode) await chmod(path, mode)
}
