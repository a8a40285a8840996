import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseIndex } from '../capture/index-file.js'
import { isForeseen } from '../errors/foreseen.js'
import { lookAt } from '../files/look.js'
import { removeMany } from '../files/remove-many.js'
import { git } from '../git/run.js'
import { syncFileSystems } from '../git/sync.js'
import type { PoolLimits, Site } from '../site.js'
import { checkoutSettings } from './checkout-settings.js'
import { clean } from './clean.js'
import { newSpareIn, type Made } from './make-spare.js'
import { dropPristine, keepPristine, pristineOf, type Pristine } from './pristine.js'
import { offer, sparesOf } from './spare.js'
import { deleteDebris, POOL_LOCK } from './sweep-spares.js'

/** Where more of the files than this part have changed, new ones are made as quickly. */
const MOST_CHANGED = 0.5

/**
 * Makes a ready worktree of one that was thrown away, where there is room for it and its files are known: everything that is not as the engine
 * had written it is taken out and written anew. All of its former content is pinned. What cannot be used is deleted by whoever
 * throws it away.
 */
export async function recycle(site: Site, path: string): Promise<void> {
  const limits = site.poolLimits()
  const pristine = limits === null ? null : await pristineOf(site, basename(path))
  if (limits === null || pristine === null) return
  // Whoever fills the pool checks files out for as long as that takes, and a removal waits for nobody's checkout.
  const lock = await site.locks.tryAcquire(POOL_LOCK)
  try {
    if (lock !== null) await adoptWithin(limits, site, path, pristine)
  } catch (error) {
    // It is deleted, then.
    if (!isForeseen(error)) throw error
  } finally {
    await lock?.release()
    await dropPristine(site, basename(path))
  }
}

async function adoptWithin(limits: PoolLimits, site: Site, path: string, pristine: Pristine): Promise<void> {
  const spares = await sparesOf(site)
  const bytes = spares.reduce((sum, spare) => sum + spare.bytes, pristine.bytes)
  if (spares.length >= limits.size || bytes > limits.maxBytes) return
  if ((await checkoutSettings(site)) === pristine.settings) await adopt(site, path, pristine)
}

async function adopt(site: Site, path: string, pristine: Pristine): Promise<void> {
  const pointer = join(path, '.git')
  if ((await lookAt(pointer))?.isFile() !== true) return
  const made = await newSpareIn(site, pristine.commit)
  try {
    const indexFile = join(made.gitDir, 'index')
    await rename(pristine.indexFile, indexFile)
    await writeFile(`${pointer}.new`, `gitdir: ${made.gitDir}\n`)
    await rename(`${pointer}.new`, pointer)
    await mkdir(dirname(made.path), { recursive: true })
    await rename(path, made.path)
    if (await isMadeReady(made, indexFile, pristine.commit)) {
      await syncFileSystems(made.gitDir, made.path)
      const { commit, settings, bytes } = pristine
      const spare = { ...made, commit, settings, bytes }
      await keepPristine(spare)
      await offer(spare)
    }
  } finally {
    // Whoever deletes what was thrown away is waiting for this.
    await deleteDebris(site, removeMany)
  }
}

async function isMadeReady({ gitDir, path }: Made, indexFile: string, commit: string): Promise<boolean> {
  const entries = parseIndex(await readFile(indexFile), commit.length / 2)
  if (entries === null) return false
  const place = { gitDir, workTree: path }
  if ((await clean(place, entries)) > entries.length * MOST_CHANGED) return false
  await git(place, { args: ['read-tree', '--reset', '-u', commit] })
  return true
}
