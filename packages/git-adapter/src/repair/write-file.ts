import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, readLine, readText } from '../files/look.js'
import { underRepositoryLock, type Site } from '../site.js'

type WriteFile = Extract<WorldAction, { readonly kind: 'write-file' }>

/**
 * Gives a file in git's entry of a worktree its content, in one step. The path has to be such a file, and to say still
 * what it said when the repair was planned.
 */
export function writeEntryFile(site: Site, { path, was, content }: WriteFile): Promise<void> {
  return underRepositoryLock(site, undefined, async () => {
    if (!path.startsWith(join(site.repository.commonDir, 'worktrees/'))) {
      throw new RepairRefusedError(path, 'it is no file of a worktree’s entry')
    }
    if ((await readText(path)) === content) return
    // An empty file and none are the same to whoever asks what it says.
    if (((await readLine(path)) ?? '') !== (was ?? ''))
      throw new RepairRefusedError(path, 'it has changed since')
    if (await isThere(`${path}.lock`)) throw new RepairRefusedError(path, 'git has locked it')
    // No lock is taken: killed, this would leave one that stands in its own way.
    await writeFile(`${path}.new`, content, { flush: true })
    await rename(`${path}.new`, path)
  })
}
