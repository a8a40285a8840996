import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Writes everything that a file system holds in memory to its disk: what other processes wrote without syncing is
 * safe then, too. Where `sync` knows no `-f` (it is not in POSIX), all file systems are synced.
 */
export async function syncFileSystem(path: string): Promise<void> {
  try {
    await run('sync', ['-f', path])
  } catch {
    await run('sync')
  }
}
