import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { offsetsIn, secondsOf } from '../capture/index-file.js'

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
export async function outdate(gitDir: string, oidLength: number, signal?: AbortSignal): Promise<void> {
  const file = join(gitDir, 'index')
  const { mtimeMs } = await stat(file)
  const written = Math.floor(mtimeMs / MS_PER_SECOND)
  const index = await readFile(file)
  const young = offsetsIn(index, oidLength).offsets.filter((at) => secondsOf(index, at).modified >= written)
  if (young.length < MANY || !(await hasCome(gitDir, written + 1, signal))) return
  await utimes(file, written + 1, written + 1)
}

/** Waits for a second, by the clock that files are dated by: it need not be that of this machine. */
async function hasCome(directory: string, second: number, signal?: AbortSignal): Promise<boolean> {
  const file = join(directory, 'clock')
  try {
    for (let poll = 0; poll < POLLS; poll++) {
      await writeFile(file, 'now')
      if ((await stat(file)).mtimeMs >= second * MS_PER_SECOND) return true
      await delay(POLL_MS, undefined, { signal })
    }
    return false
  } finally {
    await rm(file, { force: true })
  }
}
