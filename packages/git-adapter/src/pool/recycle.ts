import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isForeseen } from '../errors/foreseen.js'
import { lookAt } from '../files/look.js'
import { syncFileSystems } from '../git/sync.js'
import { mountsBelow } from '../process/mounts.js'
import type { PoolLimits, Site } from '../site.js'
import { deleteThrown } from '../worktree/delete-thrown.js'
import { moveDirectory, OF_A_SPARE, PINNED } from '../worktree/layout.js'
import type { Reused } from '../worktree/rubbish.js'
import { checkoutSettings } from './checkout-settings.js'
import { madeReady } from './made-ready.js'
import { newSpareIn } from './make-spare.js'
import { dropPristine, keepPristine, pristineOf, type Pristine } from './pristine.js'
import { hasRoomFor, offerWithin } from './room.js'
import { sparesOf } from './spare.js'
import { throwUnlessOffered } from './sweep-spares.js'

/**
 * Makes a ready worktree of one that was thrown away, where there is room for it and its files are known: everything that is not as the
 * engine had written it is taken out and written anew. All of its former content is pinned. What cannot be used is deleted by
 * whoever throws it away. Under the trash's lock, beside whoever fills the pool.
 */
export async function recycle(site: Site, path: string): Promise<Reused> {
  const limits = site.poolLimits()
  const pristine = limits === null ? null : await pristineOf(site, basename(path))
  if (limits === null || pristine === null) return { isUsed: false, left: [] }
  const aside = inTrash(dirname(path))
  try {
    const isUsed =
      (await isFit(site, path, pristine, limits)) && (await adopt(site, path, pristine, { limits, aside }))
    return { isUsed, left: [aside] }
  } catch (error) {
    // It is deleted, then.
    if (!isForeseen(error)) throw error
    return { isUsed: false, left: [aside] }
  } finally {
    await dropPristine(site, basename(path))
  }
}

async function isFit(
  site: Site,
  path: string,
  { bytes, settings }: Pristine,
  limits: PoolLimits,
): Promise<boolean> {
  if (!hasRoomFor(bytes, await sparesOf(site), limits) || (await checkoutSettings(site)) !== settings)
    return false
  const hasFiles =
    (await lookAt(path))?.isDirectory() === true && (await lookAt(join(path, '.git')))?.isFile() === true
  // What is mounted there is not ours to be cleaned away.
  return hasFiles && (await mountsBelow(path)).length === 0
}

interface Adoption {
  readonly limits: PoolLimits
  /** Where in the trash directories go that the task has left. */
  readonly aside: string
}

/** The task may have left anything there: until all of it is cleaned, nothing is followed, opened or run. */
async function adopt(
  site: Site,
  path: string,
  pristine: Pristine,
  { limits, aside }: Adoption,
): Promise<boolean> {
  const made = await newSpareIn(site, pristine.commit)
  try {
    const indexFile = join(made.gitDir, 'index')
    await rename(pristine.indexFile, indexFile)
    await point(path, made.gitDir)
    await moveDirectory(made.path, path)
    const spare = await madeReady(site, { ...made, aside }, { ...pristine, indexFile })
    if (spare === null) return false
    await keepPristine(spare)
    await syncFileSystems(made.gitDir, made.path)
    return await offerWithin(limits, site, spare)
  } finally {
    await deleteThrown(await throwUnlessOffered(site, made.gitDir))
  }
}

/** A new name in the trash, of what is nobody's: a sweep finds it after a kill. */
function inTrash(trash: string): string {
  return join(trash, `${OF_A_SPARE}${randomUUID()}${PINNED}`)
}

/** Has files name another git directory. */
async function point(path: string, gitDir: string): Promise<void> {
  const draft = inTrash(dirname(path))
  await writeFile(draft, `gitdir: ${gitDir}\n`, { flag: 'wx' })
  await rename(draft, join(path, '.git'))
}
