import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { removeTree } from './remove-tree.js'

const run = promisify(execFile)

/**
 * Deletes directories in which there may be very many files, by a process of its own: Node would have a thread of its pool do each one,
 * and whatever else goes on in this process would wait behind them. Symbolic links are unlinked and never followed. What the
 * system's `rm` may not delete, or where there is none, is deleted as `removeTree` does it.
 */
export async function removeMany(paths: readonly string[]): Promise<void> {
  if (process.platform !== 'win32' && paths.length > 0)
    await run('rm', ['-rf', '--', ...paths]).catch(() => undefined)
  for (const path of paths) await removeTree(path)
}
