import { randomUUID } from 'node:crypto'
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLine } from '../files/look.js'

/** A file in a worktree's git directory with the second in which it was handed to its task. */
const READY = 'coppice-ready'

const MS_PER_SECOND = 1_000

/** The second that it is by the clock that files in a directory are dated by: it need not be that of this machine. */
export async function secondIn(directory: string): Promise<number> {
  const file = join(directory, randomUUID())
  try {
    await writeFile(file, '')
    return Math.floor((await stat(file)).mtimeMs / MS_PER_SECOND)
  } finally {
    await rm(file, { force: true })
  }
}

/** Notes that a worktree is about to be handed to its task, by the clock of a directory in the same file system. */
export async function noteReady(gitDir: string, directory: string): Promise<void> {
  await writeFile(join(gitDir, READY), `${await secondIn(directory)}\n`)
}

/** The second since which somebody may have changed files of a worktree; 0 where nothing tells. */
export async function readySince(gitDir: string): Promise<number> {
  const seconds = Number(await readLine(join(gitDir, READY)))
  return Number.isSafeInteger(seconds) ? seconds : 0
}
