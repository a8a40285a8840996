import { open } from 'node:fs/promises'

/** Has the disk hold the names in a directory, and on a journaling file system all that was done with names before. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directory, and keeps names by itself.
  if (process.platform === 'win32') return
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
