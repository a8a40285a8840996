import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fillPool } from './pool.mjs'

const LOOK_EVERY_MS = 20
const LOOKS = 3000

/**
 * Waits until nothing goes on behind what is measured next: the pool is full, what was thrown away is gone, and the disk has
 * all that was written, so that neither side pays for what the other one left behind.
 */
export async function quiet(coppice, repository) {
  await fillPool(coppice)
  await trashGone(repository)
  await flush()
}

/** Waits until the disk has all that was written so far, by anyone. */
export async function flush() {
  await promisify(execFile)('sync')
}

async function trashGone(repository) {
  for (let look = 0; look < LOOKS; look++) {
    if ((await namesIn(join(`${repository}.worktrees`, '.trash'))).length === 0) return
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error('what was thrown away is still there')
}

async function namesIn(directory) {
  try {
    return await readdir(directory)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}
