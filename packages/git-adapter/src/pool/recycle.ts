import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isForeseen } from '../errors/foreseen.js'
import { lookAt } from '../files/look.js'
import { syncFileSystems } from '../git/sync.js'
import { mountsBelow } from '../process/mounts.js'
import type { PoolLimits, Site } from '../site.js'
import { deleteThrown } from '../worktree/delete-thrown.js'
import { OF_A_SPARE, PINNED } from '../worktree/layout.js'
import { checkoutSettings } from './checkout-settings.js'
import { madeReady } from './made-ready.js'
import { newSpareIn } from './make-spare.js'
import { dropPristine, keepPristine, pristineOf, type Pristine } from './pristine.js'
import { hasRoomFor } from './room.js'
import { offer, sparesOf } from './spare.js'
import { throwUnlessOffered } from './sweep-spares.js'

/**
 * Makes a ready worktree of one that was thrown away, where there is room for it and its files are known: everything that is not as the engine
 * had written it is taken out and written anew. All of its former content is pinned. What cannot be used is deleted by whoever
 * throws it away. Under the trash's lock, beside whoever fills the pool.
 */
export async function recycle(site: Site, path: string): Promise<void> {
  const limits = site.poolLimits()
  const pristine = limits === null ? null : await pristineOf(site, basename(path))
  if (limits === null || pristine === null) return
  try {
    await adoptWithin(limits, site, path, pristine)
  } catch (error) {
    // It is deleted, then.
    if (!isForeseen(error)) throw error
  } finally {
    await dropPristine(site, basename(path))
  }
}

async function adoptWithin(limits: PoolLimits, site: Site, path: string, pristine: Pristine): Promise<void> {
  if (!hasRoomFor(pristine.bytes, await sparesOf(site), limits)) return
  if ((await checkoutSettings(site)) === pristine.settings) await adopt(limits, site, path, pristine)
}

/** The task may have left anything there: until all of it is cleaned, nothing is followed, opened or run. */
async function adopt(limits: PoolLimits, site: Site, path: string, pristine: Pristine): Promise<void> {
  if ((await lookAt(path))?.isDirectory() !== true || (await lookAt(join(path, '.git')))?.isFile() !== true)
    return
  // What is mounted there is not ours to be cleaned away.
  if ((await mountsBelow(path)).length > 0) return
  const made = await newSpareIn(site, pristine.commit)
  try {
    const indexFile = join(made.gitDir, 'index')
    await rename(pristine.indexFile, indexFile)
    await point(path, made.gitDir)
    await mkdir(dirname(made.path), { recursive: true })
    await rename(path, made.path)
    const spare = await madeReady(site, made, { ...pristine, indexFile })
    if (spare !== null) {
      await keepPristine(spare)
      await syncFileSystems(made.gitDir, made.path)
      // Meanwhile somebody may have filled the pool.
      if (hasRoomFor(spare.bytes, await sparesOf(site), limits)) await offer(spare)
    }
  } finally {
    await deleteThrown(await throwUnlessOffered(site, made.gitDir))
  }
}

/** Has files name another git directory. What is written lies in the trash first, where a sweep finds it after a kill. */
async function point(path: string, gitDir: string): Promise<void> {
  const draft = join(dirname(path), `${OF_A_SPARE}${randomUUID()}${PINNED}`)
  await writeFile(draft, `gitdir: ${gitDir}\n`, { flag: 'wx' })
  await rename(draft, join(path, '.git'))
}
