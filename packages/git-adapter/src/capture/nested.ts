import { isThere } from '../files/look.js'
import type { IndexEntry } from './index-file.js'

/**
 * Repositories that were made in directories of tracked files. Git itself says nothing of those: it takes the files
 * and passes over the `.git` beside them, with all the history that is only there.
 */
export async function nestedRepositories(
  workTree: string,
  entries: readonly IndexEntry[],
): Promise<readonly string[]> {
  const root = Buffer.from(`${workTree}/`)
  const directories = directoriesOf(entries)
  const isNested = await Promise.all(
    directories.map((directory) => isThere(Buffer.concat([root, directory, Buffer.from('.git')]))),
  )
  const nested = directories.filter((_, index) => isNested[index])
  return nested.map((directory) => directory.toString('utf8'))
}

const SLASH = 0x2f

/** Every directory with a tracked file somewhere below it, each with a slash at its end. */
function directoriesOf(entries: readonly IndexEntry[]): readonly Buffer[] {
  const found = new Map<string, Buffer>()
  for (const { path } of entries) {
    for (let end = path.lastIndexOf(SLASH); end > 0; end = path.lastIndexOf(SLASH, end - 1)) {
      const directory = path.subarray(0, end + 1)
      const key = directory.toString('latin1')
      // Whoever has a directory has those above it.
      if (found.has(key)) break
      found.set(key, directory)
    }
  }
  return [...found.values()]
}
