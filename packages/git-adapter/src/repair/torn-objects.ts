import { constants } from 'node:fs'
import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInflate } from 'node:zlib'
import { lookAt, namesIn } from '../files/look.js'
import type { Repository } from '../repository/repository.js'

/** Bytes of the checksum at the end of a loose object; it is hardly ever zero but where the data never reached the disk. */
const CHECKSUM_BYTES = 4

/** Bytes that are decompressed of what looks torn; whoever wrote more than that wrote an object. */
const MAX_INFLATED = 1_073_741_824

/**
 * Removes loose objects that are empty or end in zeros. Git never writes one, but a power cut makes them of what a git wrote
 * without syncing; git then fails over them, and does not write them again when it is given the same content. The stores
 * that `objects/info/alternates` names are other repositories'.
 *
 * @param mark is made before the first one goes
 * @returns what may be torn and could not be removed, and why
 */
export async function removeTornObjects({ commonDir }: Repository, mark: string): Promise<readonly string[]> {
  const objects = join(commonDir, 'objects')
  const left: string[] = []
  for (const fan of await namesIn(objects)) {
    if (/^[0-9a-f]{2}$/.test(fan)) await removeTorn(join(objects, fan), mark, left)
  }
  return left
}

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
