import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { isWhole, resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import type { Site } from '../site.js'

type MoveRef = Extract<WorldAction, { readonly kind: 'move-ref' }>

/**
 * Moves a ref from where it was found to where it belongs, by compare-and-swap. A branch is moved to no commit of which
 * something is lost: what stands on it could be merged.
 */
export async function repairRef({ repository }: Site, { ref, from, to }: MoveRef): Promise<void> {
  if ((await resolveOne(repository.place, ref)) === to) return
  if (to !== null && ref.startsWith(branchRef('')) && !(await isWhole(repository.place, to))) {
    throw new RepairRefusedError(ref, `not everything of ${to}, where it would be moved, is there any more`)
  }
  const moved = await moveRef(repository.place, ref, from, to, 'coppice: repair')
  if (!moved) throw new RepairRefusedError(ref, 'it has moved since')
}
