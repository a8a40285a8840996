import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { lookAt } from '../files/look.js'
import { holderOf, takeLock } from '../git/left-lock.js'
import { processesAt } from '../process/git-processes.js'
import type { Site } from '../site.js'
import { gitAsideOf } from '../worktree/aside.js'

type SetAsideLock = Extract<WorldAction, { readonly kind: 'set-aside-lock' }>

/** Takes a lock out of git's way if it is still the one that was found, and still nobody can be holding it. */
export async function setAsideLock(site: Site, { path, inode, mtimeMs }: SetAsideLock): Promise<void> {
  const found = await lookAt(path)
  if (found === null) return
  if (found.ino !== inode || found.mtimeMs !== mtimeMs) {
    throw new RepairRefusedError(path, 'it is another one than was found')
  }
  const { commonDir, mainWorkTree } = site.repository
  const processes = await processesAt({ commonDir, workTree: mainWorkTree })
  const holder = await holderOf(processes, path, found)
  if (holder !== null) throw new RepairRefusedError(path, holder)
  if ((await takeLock(path, found, gitAsideOf(site))) === null) {
    throw new RepairRefusedError(path, 'somebody has just taken it')
  }
}
