import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { EventLog } from '@coppice/core'
import { systemDisk } from '../disk/system-disk.js'
import { openFileLog } from '../file-log/file-log.js'
import { CACHES } from '../inspection/cache-check.js'
import { RepairFailedError } from '../errors/repair-errors.js'
import { takeAppendLock } from './repair-log.js'

/** Where a log is written that is to replace another one, and where it is while it does. */
const DRAFT = 'new-log'
const READY = 'new-log.ready'

/** What the directories begin with in which lost logs are kept. */
const KEPT = 'lost-log-'

/** Appends what a new log is to begin with. */
export type LogBeginning = (log: EventLog) => Promise<void>

/**
 * Puts a new log in the place of one that is lost. From the beginning on nobody appends to the old one, for the append lock
 * is held. The new one is written beside it, and gets its place in one step, once it is whole; what was there before is
 * kept in a directory of its own, with the caches of it. Whoever has the old log open is refused the next append. Killed
 * at any moment, there is the old log, or none while the new one is about to be moved, or the new one; to do it again is
 * always right.
 *
 * @param prepare reads what the old log still tells, and answers with what the new one is to begin with; null leaves all
 *   as it is
 * @returns the directory in which the old log is kept, or null if there was nothing of it
 * @throws {LogInUseError} when somebody else keeps the append lock
 * @throws {RepairFailedError} when a file could not be moved
 */
export async function replaceLog(
  stateDirectory: string,
  prepare: () => Promise<LogBeginning | null>,
  signal?: AbortSignal,
): Promise<string | null> {
  const lockPath = join(stateDirectory, 'lock')
  const lock = systemDisk.lockAt(lockPath)
  try {
    await takeAppendLock(lock, lockPath, signal === undefined ? {} : { signal })
    const write = await prepare()
    if (write === null) return null
    await writeDraft(join(stateDirectory, DRAFT), write)
    return await swap(stateDirectory)
  } catch (cause) {
    throw isSystemError(cause) ? new RepairFailedError(stateDirectory, cause) : cause
  } finally {
    lock.close()
  }
}

async function writeDraft(directory: string, write: LogBeginning): Promise<void> {
  rmSync(directory, { recursive: true, force: true })
  const log = await openFileLog(directory)
  try {
    await write(log)
  } finally {
    await log.close()
  }
}

/**
 * The directory that holds what is left of the log that is to be replaced: the state directory, or where it was put
 * by a replacement that did not come to its end.
 */
export function lostLogOf(stateDirectory: string): string {
  const isBetween = existsSync(join(stateDirectory, READY)) && !existsSync(join(stateDirectory, 'log'))
  const kept = isBetween ? keptNumbers(stateDirectory).toSorted((a, b) => b - a) : []
  const directories = kept.map((number) => join(stateDirectory, `${KEPT}${number}`))
  return directories.find((directory) => existsSync(join(directory, 'log'))) ?? stateDirectory
}

async function swap(stateDirectory: string): Promise<string | null> {
  const [draft, ready] = [join(stateDirectory, DRAFT), join(stateDirectory, READY)]
  // One that is there already says where the old log is, and is needed until the new one is in its place.
  mkdirSync(ready, { recursive: true })
  rmSync(join(ready, 'log'), { recursive: true, force: true })
  if (existsSync(join(draft, 'log'))) renameSync(join(draft, 'log'), join(ready, 'log'))
  await systemDisk.syncDirectory(ready)
  await systemDisk.syncDirectory(stateDirectory)
  const earlier = lostLogOf(stateDirectory)
  const kept = await keepAside(stateDirectory)
  if (existsSync(join(ready, 'log'))) renameSync(join(ready, 'log'), join(stateDirectory, 'log'))
  await systemDisk.syncDirectory(stateDirectory)
  for (const directory of [ready, draft]) rmSync(directory, { recursive: true, force: true })
  return earlier === stateDirectory ? kept : earlier
}

/** The log goes first: without it nothing is read from what is left of its caches. */
async function keepAside(stateDirectory: string): Promise<string | null> {
  const caches = CACHES.flatMap((name) => [`${name}.json`, name])
  const names = ['log', ...caches].filter((name) => existsSync(join(stateDirectory, name)))
  if (names.length === 0) return null
  const kept = join(stateDirectory, `${KEPT}${Math.max(0, ...keptNumbers(stateDirectory)) + 1}`)
  mkdirSync(kept)
  for (const name of names) renameSync(join(stateDirectory, name), join(kept, name))
  await systemDisk.syncDirectory(kept)
  return kept
}

function keptNumbers(stateDirectory: string): number[] {
  return readdirSync(stateDirectory).flatMap((name) => {
    const [, number] = /^lost-log-([1-9]\d{0,8})$/.exec(name) ?? []
    return number === undefined ? [] : [Number(number)]
  })
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'errno' in error
}
