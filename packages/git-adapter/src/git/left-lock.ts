import { randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { link, mkdir, rename, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lookAt, unless } from '../files/look.js'
import { isBeforeBoot } from '../process/boot.js'
import { processesAt, type Premises, type Processes } from '../process/git-processes.js'

// Git takes no lock away that a git which died has left; it leaves that to a person, who cannot know of an engine's crash.

/**
 * Milliseconds for which a lock is left in any case: who holds it may be a process that we are told nothing of, in a
 * container or on another machine, or a program other than git that has closed it and goes on.
 */
const REST_MS = 10_000

/** The same for what only the engine's own git processes lock. */
export const OWN_REST_MS = 1_000

/**
 * Why somebody may be holding a lock, or null where it was left behind: no process has it open, no git that could have made
 * it is at work in the repository, and it is old enough, or older than the boot. One that is from the future was made before
 * the clock was set back, and does not tell its age: it is looked at again after the time for which it is left.
 */
export async function holderOf(
  { git, open }: Processes,
  path: string,
  found: Pick<Stats, 'ino' | 'mtimeMs' | 'ctimeMs'>,
  restMs = REST_MS,
): Promise<string | null> {
  if (open.has(path)) return 'a process has it open'
  const holder = git.find(({ beganMs }) => beganMs <= found.ctimeMs)
  if (holder !== undefined) return holder.what
  const ageMs = Date.now() - found.mtimeMs
  if (isBeforeBoot(found.mtimeMs) || ageMs >= restMs) return null
  if (ageMs > -restMs) return 'it is only a few seconds old'
  await delay(restMs)
  return isSame(await lookAt(path), found) ? null : 'it was taken or freed just now'
}

/**
 * Moves a lock to a directory if it is still the one that was found. Whatever is at the path by then is moved, looked at,
 * and given back if it is another one, unless a third one has taken it meanwhile.
 *
 * @returns where it lies now, or null where it was gone or another one
 */
export async function takeLock(
  path: string,
  found: Pick<Stats, 'ino' | 'mtimeMs'>,
  directory: string,
): Promise<string | null> {
  await mkdir(directory, { recursive: true })
  const kept = join(directory, `${basename(path)}~${randomUUID()}`)
  if (!(await unless(GONE, rename(path, kept).then(isDone), false))) return null
  if (isSame(await lookAt(kept), found)) return kept
  if (await unless(TAKEN, link(kept, path).then(isDone), false)) await unlink(kept)
  return null
}

/**
 * Deletes a lock if it was left behind.
 *
 * @returns why somebody may be holding it, or null where it is in nobody's way any more
 */
export async function dropLeftLock(
  premises: Premises,
  path: string,
  restMs?: number,
): Promise<string | null> {
  const found = await lookAt(path)
  if (found === null) return null
  const holder = await holderOf(await processesAt(premises), path, found, restMs)
  if (holder !== null) return holder
  const taken = await takeLock(path, found, join(premises.commonDir, 'coppice', 'aside'))
  if (taken !== null) await unlink(taken)
  return null
}

function isSame(one: Stats | null, { ino, mtimeMs }: Pick<Stats, 'ino' | 'mtimeMs'>): boolean {
  return one?.ino === ino && one.mtimeMs === mtimeMs
}

const GONE = new Set(['ENOENT'])
const TAKEN = new Set(['EEXIST'])

function isDone(): boolean {
  return true
}
