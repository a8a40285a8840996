import { rename } from 'node:fs/promises'
import { isThere } from '../files/look.js'
import { removeMany } from '../files/remove-many.js'
import { mountsBelow } from '../process/mounts.js'
import { goingName } from './layout.js'

/**
 * Deletes directories of the trash that are pinned. Each gets another name first, by which nobody makes anything of it any more: the
 * process that deletes outlives this one when that is killed, and goes on in the directory wherever it is moved to. What something is
 * mounted in stays, for that is not ours. Under the trash's lock.
 */
export async function deleteThrown(paths: readonly string[]): Promise<void> {
  const going: string[] = []
  for (const path of paths) {
    if (!(await isThere(path)) || (await mountsBelow(path)).length > 0) continue
    const name = goingName(path)
    if (name !== path) await rename(path, name)
    going.push(name)
  }
  await removeMany(going)
}
