import { lstatSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isSubmodule } from '../capture/submodules.js'
import type { IndexEntry } from '../capture/index-file.js'
import { below, parentsOf } from '../files/look-below.js'
import { makeDirectory } from '../files/make-directory.js'
import { keyOf } from '../git/nul.js'
import { isAsWritten } from '../capture/as-written.js'

const ROOT = ''

/** What a name in a directory shall be: a file of the index, a directory to look into, or one that stays as it is. */
type Wanted = IndexEntry | 'directory' | 'kept'

/** By the path of a directory, by name. */
type Names = ReadonlyMap<string, ReadonlyMap<string, Wanted>>

/** What was taken out of a worktree, by paths as `keyOf` has them. */
export interface Cleaned {
  /** The files of the index that are missing now. */
  readonly changed: ReadonlySet<string>
  /** Files and directories that it did not have. */
  readonly removed: readonly string[]
}

export interface Content {
  /** The bytes of the index, and what it has; all of one side. */
  readonly index: Buffer
  readonly entries: readonly IndexEntry[]
  /** Directories that stay as they are; the index has nothing in them, and no file on the way to them. */
  readonly kept: readonly string[]
}

/**
 * Takes everything out of a worktree but the files of an index that are still those that the index was written for: whatever an
 * agent has left, ignored files, repositories, links and pipes. The agent may have planted anything, so no git runs here, no
 * symbolic link is followed, and no file is opened.
 *
 * @param aside a directory that is made, if need be, for directories to be moved there: very much may be in them
 */
export async function clean(workTree: string, content: Content, aside: string): Promise<Cleaned> {
  const names = namesOf(content)
  const missing = new Map(
    content.entries.filter((entry) => !isSubmodule(entry)).map((entry) => [keyOf(entry.path), entry]),
  )
  const removed: string[] = []
  const directories = [ROOT]
  // Each is there when its turn comes: it was found to be a directory when the one above was read.
  for (const directory of directories) {
    const path = directory === ROOT ? Buffer.from(workTree) : below(workTree, fromKey(directory))
    await setMode(path)
    for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
      const key = directory === ROOT ? keyOf(entry.name) : `${directory}/${keyOf(entry.name)}`
      const wanted = names.get(directory)?.get(keyOf(entry.name))
      const at = below(path, entry.name)
      if (key === '.git' || (wanted === 'kept' && entry.isDirectory())) continue
      if (wanted === 'directory' && entry.isDirectory()) directories.push(key)
      else if (
        typeof wanted === 'object' &&
        isAsWritten(content.index, wanted, lstatSync(at, { bigint: true }))
      )
        missing.delete(key)
      else {
        removed.push(key)
        await (entry.isDirectory() ? moveAside(at, aside) : rm(at))
      }
    }
  }
  await makeSubmodules(workTree, content.entries)
  return { changed: new Set(missing.keys()), removed }
}

function namesOf({ entries, kept }: Content): Names {
  const names = new Map<string, Map<string, Wanted>>()
  const add = (path: Buffer, wanted: Wanted): void => {
    const key = keyOf(path)
    const end = key.lastIndexOf('/')
    const directory = end === -1 ? ROOT : key.slice(0, end)
    const inside = names.get(directory) ?? new Map<string, Wanted>()
    names.set(directory, inside.set(key.slice(end + 1), wanted))
  }
  const addWithParents = (path: Buffer, wanted: Wanted): void => {
    for (const parent of parentsOf(path)) add(parent, 'directory')
    add(path, wanted)
  }
  // A submodule that is not set up is an empty directory.
  for (const entry of entries) addWithParents(entry.path, isSubmodule(entry) ? 'directory' : entry)
  for (const name of kept) addWithParents(Buffer.from(name), 'kept')
  return names
}

/** To move one to another directory is to write in it. */
async function moveAside(path: Buffer, aside: string): Promise<void> {
  await setMode(path)
  await makeDirectory(aside)
  await rename(path, join(aside, randomUUID()))
}

async function makeSubmodules(workTree: string, entries: readonly IndexEntry[]): Promise<void> {
  for (const { path } of entries.filter(isSubmodule)) await mkdir(below(workTree, path), { recursive: true })
}

/** As git makes directories. */
async function setMode(path: Buffer): Promise<void> {
  const mode = 0o777 & ~process.umask()
  if (((await lstat(path)).mode & 0o7777) !== mode) await chmod(path, mode)
}

function fromKey(key: string): Buffer {
  return Buffer.from(key, 'latin1')
}
