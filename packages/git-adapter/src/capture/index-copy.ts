import { readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorktreeBrokenError } from '../errors/worktree-errors.js'
import { lookAt, readBytes } from '../files/look.js'
import { git } from '../git/run.js'
import type { Site } from '../site.js'
import { parseIndex, type IndexEntry } from './index-file.js'
import { forget, seal } from './index-rewrite.js'
import { withIndexFile } from './index-slot.js'

type Precision = 'seconds' | 'nanoseconds'

/** A copy of an index, for git to work on. */
export interface IndexCopy {
  readonly file: string
  /** What the index held when it was copied. */
  readonly entries: readonly IndexEntry[]
  /** Whether an entry's file may have changed since without a trace in its time, when times are told so exactly. */
  readonly isRacy: (entry: IndexEntry, precision: Precision) => boolean
  /** Has git look at the files of some entries again, whatever it knew of them. */
  readonly forget: (entries: readonly IndexEntry[]) => Promise<void>
}

/**
 * Works on a copy of a worktree's index, with its stat cache, so that the agent's own is neither changed nor locked.
 * Git looks at the content of a file that is not older than its index, for it may have changed since without a trace in
 * its times. The copy is dated a second later, so that git trusts all but what it is told to forget.
 *
 * @throws {WorktreeBrokenError} when the index is none
 */
export function withIndexCopy<T>(
  site: Site,
  worktree: { readonly path: string; readonly gitDir: string; readonly oidLength: number },
  work: (copy: IndexCopy) => Promise<T>,
): Promise<T> {
  const { path, gitDir, oidLength } = worktree
  return withIndexFile(site, async (file) => {
    const original = join(gitDir, 'index')
    const nothing = { file, entries: [], isRacy: () => false, forget: async () => undefined }
    if ((await lookAt(original)) === null) return work(nothing)
    // The time first: should the index be replaced meanwhile, it is too early, and more is looked at than need be.
    const { mtimeNs } = await stat(original, { bigint: true })
    await writeFile(file, await readBytes(original))
    const { bytes, entries } = await read(file, gitDir, oidLength).catch((error: unknown) => {
      throw new WorktreeBrokenError(path, `its index cannot be read: ${String(error)}`)
    })
    const isYoung = (seconds: number, nanoseconds: number, precision: Precision): boolean => {
      const [whole, rest] = [Number(mtimeNs / NANOSECONDS), Number(mtimeNs % NANOSECONDS)]
      // A file system, or a git, that knows no nanoseconds leaves them 0.
      const isExact = precision === 'nanoseconds' && nanoseconds > 0
      return seconds > whole || (seconds === whole && (!isExact || nanoseconds >= rest))
    }
    // Whoever changes a file can put one of its times back, and not the other.
    const isRacy: IndexCopy['isRacy'] = (entry, precision) =>
      isYoung(entry.seconds, entry.nanoseconds, precision) ||
      isYoung(entry.changedSeconds, entry.changedNanoseconds, precision)
    const forgetEach = async (doubtful: readonly IndexEntry[]): Promise<void> => {
      for (const entry of doubtful) forget(bytes, entry, oidLength)
      if (doubtful.length > 0) {
        seal(bytes, oidLength)
        await writeFile(file, bytes)
      }
      const later = Number(mtimeNs / NANOSECONDS) + 1
      await utimes(file, later, later)
    }
    return work({ file, entries, isRacy, forget: forgetEach })
  })
}

const NANOSECONDS = 1_000_000_000n

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
