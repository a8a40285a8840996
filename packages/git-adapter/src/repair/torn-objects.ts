import { withLock } from '@coppice/core'
import { constants } from 'node:fs'
import { mkdir, open, unlink, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInflate } from 'node:zlib'
import { TornObjectsError } from '../errors.js'
import { isThere, lookAt, namesIn, readText } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import type { Site } from '../site.js'
import { mendBranches } from './mend-branches.js'

/** Where Linux says which boot this is. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Bytes of the checksum at the end of a loose object; it is hardly ever zero but where the data never reached the disk. */
const CHECKSUM_BYTES = 4

/** Bytes that are decompressed of what looks torn; whoever wrote more than that wrote an object. */
const MAX_INFLATED = 1_073_741_824

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

/**
 * As long as there is the mark, there may be something to put right. The stores that `objects/info/alternates` names are
 * other repositories'.
 */
async function removeAll(site: Site, mark: string): Promise<void> {
  const objects = join(site.repository.commonDir, 'objects')
  const left: string[] = []
  for (const fan of await namesIn(objects)) {
    if (/^[0-9a-f]{2}$/.test(fan)) await removeTorn(join(objects, fan), mark, left)
  }
  if (await isThere(mark)) await mendBranches(site)
  if (left.length > 0) throw new TornObjectsError(left)
  await removeTree(mark)
}

/** @param left is told what may be torn and could not be removed, and why */
async function removeTorn(directory: string, mark: string, left: string[]): Promise<void> {
  for (const name of await namesIn(directory)) {
    // What a living git is about to write has another name.
    if (!/^[0-9a-f]{38,62}$/.test(name)) continue
    const file = join(directory, name)
    try {
      if (!(await isTorn(file))) continue
      await mkdir(mark, { recursive: true })
      await unlink(file)
    } catch (error) {
      // A git that collects garbage has packed it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') left.push((error as Error).message)
    }
  }
}

/** Only what looks torn is read as a whole. */
async function isTorn(path: string): Promise<boolean> {
  const found = await lookAt(path)
  // Git would wait for a pipe.
  if (found?.isFile() !== true) return found?.isFIFO() === true
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const { size } = await file.stat()
    const end = Buffer.alloc(CHECKSUM_BYTES)
    const { bytesRead } = await file.read(end, 0, CHECKSUM_BYTES, Math.max(0, size - CHECKSUM_BYTES))
    return end.subarray(0, bytesRead).every((byte) => byte === 0) && !(await inflates(file))
  } finally {
    await file.close()
  }
}

/** Whether a file can be decompressed, as far as that is tried. */
async function inflates(file: FileHandle): Promise<boolean> {
  const source = file.createReadStream({ start: 0, autoClose: false })
  const inflate = createInflate()
  source.on('error', (error) => inflate.destroy(error))
  try {
    let size = 0
    for await (const chunk of source.pipe(inflate)) {
      size += (chunk as Buffer).length
      if (size > MAX_INFLATED) break
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error
    return false
  } finally {
    source.destroy()
  }
}
