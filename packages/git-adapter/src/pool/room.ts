import type { PoolLimits } from '../site.js'
import type { Spare } from './spare.js'

/** Whether a pool may have one more spare, of so many bytes. */
export function hasRoomFor(
  bytes: number,
  spares: readonly Pick<Spare, 'bytes'>[],
  { size, maxBytes }: PoolLimits,
): boolean {
  return spares.length < size && spares.reduce((sum, spare) => sum + spare.bytes, bytes) <= maxBytes
}
