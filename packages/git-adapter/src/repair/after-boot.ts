import { withLock } from '@coppice/core'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TornObjectsError } from '../errors/disk-errors.js'
import { isThere, readText } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import { currentBoot, isSameBoot } from '../process/boot.js'
import type { Site } from '../site.js'
import { mendBranches } from './mend-branches.js'
import { removeTornObjects } from './torn-objects.js'

/**
 * Puts right what a power cut has made of objects, and of branches and indexes of ours. Only a boot brings that to light, so
 * it is looked for once after each.
 */
export async function mendAfterBoot(site: Site): Promise<void> {
  const { directory } = site.workshop
  // Where nothing was ever begun, nothing is left behind either.
  if (!(await isThere(directory))) return
  const boot = await currentBoot()
  const seen = join(directory, 'boot')
  const isDone = async (): Promise<boolean> => isSameBoot(await readText(seen), boot)
  if (await isDone()) return
  await withLock(site.locks, 'torn-objects', undefined, async () => {
    if (await isDone()) return
    await mend(site, join(directory, 'torn-objects'))
    await writeFile(seen, boot)
  })
}

/** As long as there is the mark, objects that were lost may be missed. */
async function mend(site: Site, mark: string): Promise<void> {
  const left = await removeTornObjects(site.repository, mark)
  await mendBranches(site, await isThere(mark))
  if (left.length > 0) throw new TornObjectsError(left)
  await removeTree(mark)
}
