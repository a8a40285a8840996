import { readFile, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { offsetsIn, secondsOf } from '../capture/index-file.js'
import { secondIn } from '../worktree/ready-since.js'
import type { Spare } from './spare.js'

/** Files that are not older than their index, from which on it is worth up to a second to have all of them older. */
const MANY = 1_000

const MS_PER_SECOND = 1_000
const POLL_MS = 20

/** More than a second, unless somebody sets the clock. */
const POLLS = 100

/**
 * Git reads a file that is not older than its index whenever it looks at it, for it may have changed in the second in which both were
 * written; and of a new worktree that can be all files. Where it is many, their index is dated a second later, once that second has
 * come: what anybody changes from then on has another time. Nobody may be at work there.
 */
export async function outdate(
  { gitDir, path }: Pick<Spare, 'gitDir' | 'path'>,
  oidLength: number,
  signal?: AbortSignal,
): Promise<void> {
  const file = join(gitDir, 'index')
  const written = Math.floor((await stat(file)).mtimeMs / MS_PER_SECOND)
  const index = await readFile(file)
  const seconds = offsetsIn(index, oidLength).offsets.map((at) => secondsOf(index, at).modified)
  if (seconds.filter((second) => second >= written).length < MANY) return
  const next = seconds.reduce((latest, second) => Math.max(latest, second), written) + 1
  if (await hasCome(path, next, signal)) await utimes(file, next, next)
}

/** Waits for a second by the clock of a directory. */
async function hasCome(directory: string, second: number, signal?: AbortSignal): Promise<boolean> {
  for (let poll = 0; poll < POLLS; poll++) {
    if ((await secondIn(directory)) >= second) return true
    await delay(POLL_MS, undefined, { signal })
  }
  return false
}
