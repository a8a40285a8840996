import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { resolveOne } from '../git/objects.js'
import { moveRef } from '../git/refs.js'
import type { Site } from '../site.js'

type MoveRef = Extract<WorldAction, { readonly kind: 'move-ref' }>

/** Moves a ref from where it was found to where it belongs, by compare-and-swap. */
export async function repairRef({ repository }: Site, { ref, from, to }: MoveRef): Promise<void> {
  if ((await resolveOne(repository.place, ref)) === to) return
  const moved = await moveRef(repository.place, ref, from, to, 'coppice: repair')
  if (!moved) throw new RepairRefusedError(ref, 'it has moved since')
}
