import { lstatSync } from 'node:fs'
import { below } from '../files/look-below.js'
import type { IndexEntry } from './index-file.js'

const TYPE = 0o170000
const SUBMODULE = 0o160000

const NANOSECONDS = 1_000_000_000n

/**
 * The entries of an index whose files may have changed unseen in the second in which the agent's git had read them. Git compares seconds, and
 * takes a file for racy whose time is that at which it writes the index, which may be long after it has read the file; that may also have
 * been another index than this one. So files that were written since their worktree was handed over are compared to the
 * nanosecond.
 *
 * @param since the second of that, since 1970
 */
export function changedSince(
  workTree: string,
  entries: readonly IndexEntry[],
  since: number,
): ReadonlySet<IndexEntry> {
  const young = entries.filter(
    ({ mode, stage, size, skipWorktree, seconds, changedSeconds }) =>
      Math.max(seconds, changedSeconds) >= since &&
      (mode & TYPE) !== SUBMODULE &&
      stage === 0 &&
      size > 0 &&
      !skipWorktree,
  )
  return new Set(young.filter((entry) => !isOfItsTimes(workTree, entry)))
}

function isOfItsTimes(workTree: string, entry: IndexEntry): boolean {
  try {
    const { mtimeNs, ctimeNs } = lstatSync(below(workTree, entry.path), { bigint: true })
    // Not every git, or file system, knows nanoseconds.
    const isExact = entry.nanoseconds > 0 && entry.changedNanoseconds > 0
    return (
      isExact &&
      mtimeNs === timeOf(entry.seconds, entry.nanoseconds) &&
      ctimeNs === timeOf(entry.changedSeconds, entry.changedNanoseconds)
    )
  } catch {
    // Whatever has become of it, git is asked.
    return false
  }
}

function timeOf(seconds: number, nanoseconds: number): bigint {
  return BigInt(seconds) * NANOSECONDS + BigInt(nanoseconds)
}
