import { copyFile, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorktreeBrokenError } from '../errors.js'
import { lookAt } from '../files/look.js'
import { git } from '../git/run.js'
import type { Site } from '../site.js'
import { parseIndex, type IndexEntry } from './index-file.js'
import { forget, seal } from './index-rewrite.js'
import { withIndexFile } from './index-slot.js'

/** A copy of an index, for git to work on. */
export interface IndexCopy {
  readonly file: string
  /** What the index held when it was copied. */
  readonly entries: readonly IndexEntry[]
  /** Has git look at the files of some entries again, whatever it knew of them. */
  forget(entries: readonly IndexEntry[]): Promise<void>
}

/**
 * Works on a copy of a worktree's index, with its stat cache, so that the agent's own is neither changed nor locked.
 * The copy keeps the modification time, rounded down: git compares a file that is not older than its index by
 * content, and a copy that looked newer would hide an edit of the same second.
 *
 * @throws {WorktreeBrokenError} when the index is none
 */
export function withIndexCopy<T>(
  site: Site,
  worktree: {
    readonly path: string
    readonly gitDir: string
    readonly oidLength: number
  },
  work: (copy: IndexCopy) => Promise<T>,
): Promise<T> {
  const { path, gitDir, oidLength } = worktree
  return withIndexFile(site, async (file) => {
    const original = join(gitDir, 'index')
    if ((await lookAt(original)) === null) return work({ file, entries: [], forget: async () => undefined })
    await copyFile(original, file)
    const { atimeMs, mtimeMs } = await stat(original)
    const keepTimes = (): Promise<void> =>
      utimes(file, Math.floor(atimeMs / 1000), Math.floor(mtimeMs / 1000))
    await keepTimes()
    const { bytes, entries } = await read(file, gitDir, oidLength).catch((error: unknown) => {
      throw new WorktreeBrokenError(path, `its index cannot be read: ${String(error)}`)
    })
    const forgetEach = async (doubtful: readonly IndexEntry[]): Promise<void> => {
      if (doubtful.length === 0) return
      for (const entry of doubtful) forget(bytes, entry, oidLength)
      seal(bytes, oidLength)
      await writeFile(file, bytes)
      await keepTimes()
    }
    return work({ file, entries, forget: forgetEach })
  })
}

async function read(file: string, gitDir: string, oidLength: number) {
  const bytes = await readFile(file)
  const entries = parseIndex(bytes, oidLength)
  if (entries !== null) return { bytes, entries }
  // Git writes a split or a sparse index out in full; only the worktree's own git directory has the missing parts.
  const args = ['-c', 'core.splitIndex=false', '-c', 'index.sparse=false', 'update-index', '--no-split-index']
  await git({ gitDir, indexFile: file }, { args: [...args, '--force-write-index'] })
  const whole = await readFile(file)
  const all = parseIndex(whole, oidLength)
  if (all === null) throw new RangeError('git did not write it out in full')
  return { bytes: whole, entries: all }
}
