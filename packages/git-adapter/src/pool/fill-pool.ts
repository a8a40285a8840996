import type { Lock } from '@coppice/core'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lookAt } from '../files/look.js'
import { resolve } from '../git/objects.js'
import { underRepositoryLock, type Site } from '../site.js'
import { checkoutSettings } from './checkout-settings.js'
import { lastSize, noteSize } from './last-size.js'
import { bytesOf, makeSpare } from './make-spare.js'
import { hasRoomFor, offerWithin } from './room.js'
import { haveSameAttributes } from './same-attributes.js'
import { POOL, sparesOf, withdraw, type Spare } from './spare.js'
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

/** What a new spare begins with. */
interface Wanted {
  readonly commit: string
  readonly settings: string
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
    const wanted = await wantedIn(site, options)
    await trim(site, options, wanted)
    try {
      if (wanted !== null) await fillUp(site, options, wanted)
    } finally {
      await deleteDebris(site)
    }
  } finally {
    await lock.release()
  }
}

async function fillUp(site: Site, options: FillOptions, wanted: Wanted): Promise<void> {
  let resting = 0
  while (await hasRoom(site, options, wanted)) {
    // As long as tasks give theirs back, the pool is filled by these, at a fraction of the price.
    const rest = options.wait || resting >= MAX_REST_MS ? 0 : REST_MS - site.rubbish.sinceReuseMs
    if (rest > 0) await delay(rest, undefined, { signal: options.signal })
    else await fillOne(site, options, wanted)
    resting = rest > 0 ? resting + rest : 0
  }
}

/** Milliseconds without a worktree given back, after which new ones are made. */
const REST_MS = 1_000

/** Milliseconds after which one is made all the same: more may be taken than come back. */
const MAX_REST_MS = 5_000

/** Null where there can be no spares, or where something else stands in the place of their directory. */
async function wantedIn(site: Site, { revisions }: FillOptions): Promise<Wanted | null> {
  const settings = await checkoutSettings(site)
  const asked = revisions.map((revision) => `${revision}^{commit}`)
  const commit = (await resolve(site.repository.place, asked)).find((found) => found !== null)
  const there = await lookAt(join(site.worktreesDir, POOL))
  const isFree = there === null || there.isDirectory()
  return settings === null || commit == null || !isFree ? null : { commit, settings }
}

/** The oldest go first, for the bases of new tasks move away from them. */
async function trim(site: Site, options: FillOptions, wanted: Wanted | null): Promise<void> {
  await underRepositoryLock(site, undefined, async () => {
    const kept: Spare[] = []
    for (const spare of (await sparesOf(site)).toReversed()) {
      if (hasRoomFor(spare.bytes, kept, options) && (await isFit(site, spare, wanted))) kept.push(spare)
      else await withdraw(spare)
    }
  })
  await deleteDebris(site)
}

async function isFit(site: Site, { settings, commit }: Spare, wanted: Wanted | null): Promise<boolean> {
  return wanted !== null && settings === wanted.settings && haveSameAttributes(site, commit, wanted.commit)
}

async function hasRoom(site: Site, options: FillOptions, { commit, settings }: Wanted): Promise<boolean> {
  options.signal?.throwIfAborted()
  const spares = await sparesOf(site)
  if (!hasRoomFor(0, spares, options)) return false
  const bytes = Math.max(await bytesOf(site, commit), await lastSize(site, settings))
  return hasRoomFor(bytes, spares, options)
}

/**
 * One that is larger than it looked is not offered, and the next is known to be; nor is one for which another has come meanwhile that a
 * task gave back.
 */
async function fillOne(site: Site, options: FillOptions, { commit, settings }: Wanted): Promise<void> {
  const made = await makeSpare(site, commit, settings, options.signal)
  await noteSize(site, settings, made.bytes)
  await offerWithin(options, site, made)
}
