import type { Lock } from '@coppice/core'
import { resolve } from '../git/objects.js'
import { underRepositoryLock, type Site } from '../site.js'
import { checkoutSettings } from './checkout-settings.js'
import { bytesOf, makeSpare } from './make-spare.js'
import { sparesOf, withdraw, type Spare } from './spare.js'
import { deleteDebris, POOL_LOCK } from './sweep-spares.js'

export interface FillOptions {
  /** How many ready worktrees there shall be. */
  readonly size: number
  /** What all of them may take on the disk. */
  readonly maxBytes: number
  /** What is to be checked out in new ones: the first of these revisions that names a commit. */
  readonly revisions: readonly string[]
  /** Whether to wait while another process fills the pool, instead of leaving it to that one. */
  readonly wait: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes the pool as it shall be: deletes ready worktrees that nobody could take any more or that are too many, and makes new
 * ones, one after the other. Where it is ended before its time, what was begun is deleted.
 */
export async function fillPool(site: Site, options: FillOptions): Promise<void> {
  const { wait, signal } = options
  const lock = await (wait ? site.locks.acquire(POOL_LOCK, signal) : site.locks.tryAcquire(POOL_LOCK))
  if (lock !== null) await filling(site, options, lock)
}

async function filling(site: Site, options: FillOptions, lock: Lock): Promise<void> {
  try {
    const settings = await checkoutSettings(site)
    await trim(site, options, settings)
    const commit = await firstOf(site, options.revisions)
    if (settings === null || commit === null) return
    while (await hasRoom(site, options, commit)) await makeSpare(site, commit, settings, options.signal)
  } finally {
    await deleteDebris(site)
    await lock.release()
  }
}

/** The oldest go first, for the bases of new tasks move away from them. */
async function trim(site: Site, { size, maxBytes }: FillOptions, settings: string | null): Promise<void> {
  await underRepositoryLock(site, undefined, async () => {
    const spares = await sparesOf(site)
    const kept: Spare[] = []
    for (const spare of spares.toReversed()) {
      const isFitting = spare.settings === settings && kept.length < size
      if (isFitting && bytesIn([...kept, spare]) <= maxBytes) kept.push(spare)
      else await withdraw(spare.gitDir)
    }
  })
  await deleteDebris(site)
}

async function hasRoom(
  site: Site,
  { size, maxBytes, signal }: FillOptions,
  commit: string,
): Promise<boolean> {
  signal?.throwIfAborted()
  const spares = await sparesOf(site)
  if (spares.length >= size) return false
  const another = spares.at(-1)?.bytes ?? (await bytesOf(site, commit))
  return bytesIn(spares) + another <= maxBytes
}

function bytesIn(spares: readonly Spare[]): number {
  return spares.reduce((sum, { bytes }) => sum + bytes, 0)
}

async function firstOf({ repository }: Site, revisions: readonly string[]): Promise<string | null> {
  const found = await resolve(
    repository.place,
    revisions.map((revision) => `${revision}^{commit}`),
  )
  return found.find((commit) => commit !== null) ?? null
}
