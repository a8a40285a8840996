import { underRepositoryLock, type PoolLimits, type Site } from '../site.js'
import { offer, sparesOf, type Spare } from './spare.js'

/** Whether a pool may have one more spare, of so many bytes. */
export function hasRoomFor(
  bytes: number,
  spares: readonly Pick<Spare, 'bytes'>[],
  { size, maxBytes }: PoolLimits,
): boolean {
  return spares.length < size && spares.reduce((sum, spare) => sum + spare.bytes, bytes) <= maxBytes
}

/** Offers a spare where the pool has room for it: another one may have come while it was made. */
export function offerWithin(limits: PoolLimits, site: Site, spare: Spare): Promise<boolean> {
  return underRepositoryLock(site, undefined, async () => {
    const hasRoom = hasRoomFor(spare.bytes, await sparesOf(site), limits)
    if (hasRoom) await offer(spare)
    return hasRoom
  })
}
