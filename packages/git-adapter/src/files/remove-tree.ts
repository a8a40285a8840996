import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt } from './look.js'

/** Deletes a directory with all that is in it. Symbolic links are unlinked and never followed. */
export async function removeTree(path: string): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 })
  try {
    await remove()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    // Package managers make directories read-only, and then not even their owner can delete what is in them.
    await unlockDirectories(path)
    await remove()
  }
}

async function unlockDirectories(path: string): Promise<void> {
  if ((await lookAt(path))?.isDirectory() !== true) return
  await chmod(path, 0o700)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlockDirectories(join(path, entry.name))
  }
}
