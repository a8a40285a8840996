import { randomUUID } from 'node:crypto'
import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { below } from './look-below.js'
import { lookAt } from './look.js'

/** Deletes a directory with all that is in it, however deep. Symbolic links are unlinked and never followed. */
export async function removeTree(path: string | Buffer): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 })
  try {
    await remove()
  } catch (error) {
    if (!MENDED.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await openUp(Buffer.from(path))
    await remove()
  }
}

const MENDED = new Set(['EACCES', 'ENAMETOOLONG'])

/** Bytes below the top that a path may have before it is made shorter. No system takes fewer than twice as many. */
const MAX_DEPTH_BYTES = 512

/**
 * Makes all directories of a tree writable, for package managers make some read-only, and then not even their owner can delete
 * what is in them; and moves those far down up to the top, for no path in a system call may be longer than the system allows.
 */
async function openUp(top: Buffer): Promise<void> {
  const found = [top]
  for (const path of found) {
    if ((await lookAt(path))?.isDirectory() !== true) continue
    await chmod(path, 0o700)
    const isDeep = path.length - top.length > MAX_DEPTH_BYTES
    const directory = isDeep ? below(top, Buffer.from(randomUUID())) : path
    if (isDeep) await rename(path, directory)
    for (const entry of await readdir(directory, { withFileTypes: true, encoding: 'buffer' })) {
      if (entry.isDirectory()) found.push(below(directory, entry.name))
    }
  }
}
