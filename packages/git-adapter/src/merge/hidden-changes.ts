import { lstatSync, type BigIntStats } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseIndex, type IndexEntry } from '../capture/index-file.js'
import { below } from '../files/look-below.js'
import { lookAt } from '../files/look.js'
import { keyOf, splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import { isAsWritten } from '../capture/as-written.js'
import type { Move } from './move.js'

/**
 * Those of some paths in which the files of a checkout need not be what its index tells, though git passes over that: it was told to
 * take them for unchanged (`update-index --assume-unchanged`), or that they are not there (`--skip-worktree`). All as `keyOf` has them.
 */
export async function hiddenChanges(move: Move, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const file = join(move.gitDir, 'index')
  if ((await lookAt(file)) === null) return new Set()
  const index = await readFile(file)
  const entries = parseIndex(index, move.from.length / 2)
  if (entries === null) return flagged(move, paths)
  const hidden = entries.filter(
    (entry) => isFlagged(entry) && paths.has(keyOf(entry.path)) && isOther(move, index, entry),
  )
  return new Set(hidden.map(({ path }) => keyOf(path)))
}

function isFlagged({ assumeUnchanged, skipWorktree }: IndexEntry): boolean {
  return assumeUnchanged || skipWorktree
}

function isOther({ workTree }: Move, index: Buffer, entry: IndexEntry): boolean {
  const found = stat(below(workTree, entry.path))
  return found === null ? !entry.skipWorktree : !isAsWritten(index, entry, found)
}

function stat(path: Buffer): BigIntStats | null {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null
}

/** Of an index that only git can read, all that it marks: `h`, `S` or `s` before the name. */
async function flagged({ gitDir, workTree }: Move, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const { stdout } = await git({ gitDir, workTree }, { args: ['ls-files', '-v', '-z'] })
  const lines = splitNul(stdout).map(keyOf)
  const marked = lines.filter((line) => /^[a-zS] /.test(line)).map((line) => line.slice(2))
  return new Set(marked.filter((path) => paths.has(path)))
}
