import { isThere, lookAt } from '../files/look.js'
import type { IndexEntry } from './index-file.js'

/**
 * Repositories that were made in directories of tracked files. Git itself says nothing of those: it takes the files
 * and passes over the `.git` beside them, with all the history that is only there. A symbolic link that replaced a
 * directory is not followed: what it leads to is no part of the worktree.
 */
export async function nestedRepositories(
  workTree: string,
  entries: readonly IndexEntry[],
): Promise<readonly string[]> {
  const root = Buffer.from(`${workTree}/`)
  const found: string[] = []
  let level = topDirectories(entries)
  while (level.length > 0) {
    const standing = await Promise.all(level.map((directory) => standingAt(root, directory.path)))
    const real = level.filter((_, index) => standing[index] !== 'gone')
    const nested = level.filter((_, index) => standing[index] === 'repository')
    found.push(...nested.map(({ path }) => `${path.toString('utf8')}/`))
    level = real.flatMap(({ below }) => Array.from(below.values()))
  }
  return found
}

async function standingAt(root: Buffer, directory: Buffer): Promise<'repository' | 'directory' | 'gone'> {
  const path = Buffer.concat([root, directory])
  const found = await lookAt(path)
  if (found === null || !found.isDirectory()) return 'gone'
  return (await isThere(Buffer.concat([path, Buffer.from('/.git')]))) ? 'repository' : 'directory'
}

interface Directory {
  readonly path: Buffer
  readonly below: Map<string, Directory>
}

const SLASH = 0x2f

/** The directories with a tracked file somewhere below them, those of the top with all others below. */
function topDirectories(entries: readonly IndexEntry[]): readonly Directory[] {
  const top = new Map<string, Directory>()
  for (const { path } of entries) {
    let beside = top
    for (let end = path.indexOf(SLASH); end !== -1; end = path.indexOf(SLASH, end + 1)) {
      const key = path.toString('latin1', 0, end)
      const directory = beside.get(key) ?? {
        path: path.subarray(0, end),
        below: new Map<string, Directory>(),
      }
      beside.set(key, directory)
      beside = directory.below
    }
  }
  return [...top.values()]
}
