import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lock, Locks } from '@coppice/core'
import { namesIn } from '../files/look.js'
import type { Site, Workshop } from '../site.js'

/**
 * Works in an index file of its own for as long as the work takes. The file's name begins with a number whose lock is
 * held meanwhile, so that what a killed process has left shows: nobody holds its number. A random part keeps a git
 * process that outlived its engine from writing where its successor works.
 */
export async function withIndexFile<T>(
  { workshop, locks }: Site,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const directory = directoryOf(workshop)
  await mkdir(directory, { recursive: true })
  const { number, lock } = await takeSlot(locks)
  try {
    await sweep(locks, directory, number)
    return await work(join(directory, `${number}.${randomUUID()}.index`))
  } finally {
    await empty(directory, number)
    await lock.release()
  }
}

/** Deletes what killed processes have left. */
export function sweepIndexFiles({ workshop, locks }: Site): Promise<void> {
  return sweep(locks, directoryOf(workshop), null)
}

interface Slot {
  readonly number: number
  readonly lock: Lock
}

/** As few numbers as there are captures at the same time, for the file of a lock stays for good. */
async function takeSlot(locks: Locks): Promise<Slot> {
  for (let number = 0; ; number++) {
    const lock = await locks.tryAcquire(lockOf(number))
    if (lock !== null) return { number, lock }
  }
}

async function sweep(locks: Locks, directory: string, mine: number | null): Promise<void> {
  const names = await namesIn(directory)
  const numbers = new Set(names.flatMap((name) => /^\d+(?=\.)/.exec(name) ?? []).map(Number))
  for (const number of numbers) {
    const lock = number === mine ? null : await locks.tryAcquire(lockOf(number))
    if (lock === null) continue
    try {
      await empty(directory, number)
    } finally {
      await lock.release()
    }
  }
}

async function empty(directory: string, number: number): Promise<void> {
  for (const name of await namesIn(directory)) {
    if (name.startsWith(`${number}.`)) await rm(join(directory, name), { recursive: true, force: true })
  }
}

function directoryOf({ directory }: Workshop): string {
  return join(directory, 'tmp')
}

function lockOf(number: number): string {
  return `index-${number}`
}
