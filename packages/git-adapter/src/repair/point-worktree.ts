import { RepairRefusedError, type WorldAction } from '@coppice/core'
import { lookAt } from '../files/look.js'
import { adminEntries, pointedGitDir } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { contentInPlace } from '../worktree/content-in-place.js'
import { isMarked } from '../worktree/ownership.js'
import { writePointer } from '../worktree/write-pointer.js'

type PointWorktree = Extract<WorldAction, { readonly kind: 'point-worktree' }>

/** Has a worktree's `.git` name its git directory, which must be ours and must know the worktree and its files. */
export function pointWorktree(site: Site, action: PointWorktree): Promise<void> {
  const { task, path, gitDir, names } = action
  return underRepositoryLock(site, undefined, async () => {
    const entry = (await adminEntries(site.repository)).find((candidate) => candidate.gitDir === gitDir)
    if (entry?.path !== path || !(await isMarked(gitDir, task))) {
      throw new RepairRefusedError(path, 'git’s entry of it has changed since')
    }
    if ((await lookAt(path))?.isDirectory() !== true) throw new RepairRefusedError(path, 'it is gone')
    const now = await pointedGitDir(path)
    if (now === gitDir) return
    if (now !== names) throw new RepairRefusedError(path, 'its .git has changed since')
    if ((await contentInPlace(site.repository, path, gitDir)) !== 'own') {
      throw new RepairRefusedError(path, 'nothing of what the worktree held is in it')
    }
    await writePointer(path, gitDir, task, true)
  })
}
