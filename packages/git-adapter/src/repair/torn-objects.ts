import { withLock } from '@coppice/core'
import { constants } from 'node:fs'
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { isThere, lookAt, namesIn, readText } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import type { Site } from '../site.js'
import { mendBranches } from './mend-branches.js'

/** Where Linux says which boot this is. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Bytes of the checksum at the end of a loose object; it is hardly ever zero but where the data never reached the disk. */
const CHECKSUM_BYTES = 4

/** Bytes of a loose object that is decompressed to see whether it is whole. */
const MAX_INFLATED = 67_108_864

/**
 * Removes loose objects that are empty or end in zeros, and puts branches of ours right that stand on them. Git never
 * writes one, but a power cut makes them of what a git wrote without syncing; git then fails over them, and does not write
 * them again when it is given the same content. Only a boot brings them to light, so they are looked for once after each,
 * where the system tells one from another.
 */
export async function removeTornObjects(site: Site): Promise<void> {
  const { directory } = site.workshop
  // Where nothing was ever begun, nothing is left behind either.
  if (!(await isThere(directory))) return
  const boot = await readText(BOOT_ID)
  const seen = join(directory, 'boot')
  const isDone = async (): Promise<boolean> => boot !== null && (await readText(seen)) === boot
  if (await isDone()) return
  await withLock(site.locks, 'torn-objects', undefined, async () => {
    if (await isDone()) return
    await removeAll(site, join(directory, 'torn-objects'))
    if (boot !== null) await writeFile(seen, boot)
  })
}

/** As long as there is the directory that they are moved to, there may be something to put right. */
async function removeAll(site: Site, torn: string): Promise<void> {
  const objects = join(site.repository.commonDir, 'objects')
  for (const fan of await namesIn(objects)) {
    if (/^[0-9a-f]{2}$/.test(fan)) await moveTorn(join(objects, fan), torn)
  }
  if (!(await isThere(torn))) return
  await mendBranches(site)
  await removeTree(torn)
}

async function moveTorn(directory: string, torn: string): Promise<void> {
  for (const name of await namesIn(directory)) {
    // What a living git is about to write has another name.
    if (!/^[0-9a-f]{38,62}$/.test(name)) continue
    const file = join(directory, name)
    try {
      if (!(await isTorn(file))) continue
      await mkdir(torn, { recursive: true })
      await rename(file, join(torn, name))
    } catch (error) {
      // A git that collects garbage has packed it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

/** Only what looks torn is read as a whole, and of what is too large for that only how it begins. */
async function isTorn(path: string): Promise<boolean> {
  if ((await lookAt(path))?.isFile() !== true) return false
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const { size } = await file.stat()
    const end = Buffer.alloc(CHECKSUM_BYTES)
    const { bytesRead } = await file.read(end, 0, CHECKSUM_BYTES, Math.max(0, size - CHECKSUM_BYTES))
    if (end.subarray(0, bytesRead).some((byte) => byte !== 0)) return false
    if (size > MAX_INFLATED) return (await file.read(end, 0, 1, 0)).bytesRead === 1 && end[0] === 0
    inflateSync(await file.readFile())
    return false
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error
    return true
  } finally {
    await file.close()
  }
}
