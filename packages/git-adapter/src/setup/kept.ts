import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { below, lookBelow, parentsOf } from '../files/look-below.js'
import { removeEmpty } from '../files/remove-empty.js'
import { removeTree } from '../files/remove-tree.js'
import type { Place } from '../git/place.js'
import type { Site } from '../site.js'
import { ignoredAmong } from './ignored.js'

/** Those of the directories that worktrees keep for the next task which a worktree has. */
export async function directoriesKept({ kept }: Site, workTree: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of kept.filter((each) => !kept.some((other) => each.startsWith(`${other}/`))))
    if ((await lookBelow(workTree, Buffer.from(name)))?.isDirectory() === true) found.push(name)
  return found
}

/** Those of some directories that git ignores in a worktree: of others the content would become part of a task's work. */
export async function ignoredDirectories(place: Place, names: readonly string[]): Promise<readonly string[]> {
  const asked = names.map((name) => Buffer.from(`${name}/`))
  const ignored = new Set((await ignoredAmong(place, asked)).map((path) => path.toString()))
  return names.filter((name) => ignored.has(`${name}/`))
}

/** Deletes directories, and those above them in which nothing is left. */
export async function deleteDirectories(workTree: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await removeTree(join(workTree, name))
    for (const parent of parentsOf(Buffer.from(name)).toReversed())
      await removeEmpty(join(workTree, parent.toString()))
  }
}

/** What directories take on the disk. */
export async function bytesOnDisk(workTree: string, names: readonly string[]): Promise<number> {
  let bytes = 0
  const directories = names.map((name) => below(workTree, Buffer.from(name)))
  for (const directory of directories) {
    for (const entry of await readdir(directory, { withFileTypes: true, encoding: 'buffer' })) {
      const path = below(directory, entry.name)
      bytes += (await lstat(path)).blocks * BLOCK
      if (entry.isDirectory()) directories.push(path)
    }
  }
  return bytes
}

/** Of `st_blocks`, whatever the file system's own blocks are. */
const BLOCK = 512
