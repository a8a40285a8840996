import { writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pointedGitDir } from '../repository/admin-entries.js'
import type { Repository } from '../repository/repository.js'
import { poolOf } from '../pool/spare.js'
import { isThere, lookAt, readLine, readText } from '../files/look.js'
import { isBranchName } from '../git/branch-name.js'

/** A file in a worktree's git directory that says for which task Coppice made it. */
const MARK = 'coppice-task'

/** Another one, with the branch of the task: the prefix that was configured when it was made need not be today's. */
const BRANCH = 'coppice-branch'

/** @param branch the task's own, short; null where the worktree is not for work in it */
export async function mark(gitDir: string, task: string, branch: string | null): Promise<void> {
  if (branch !== null) await writeFile(join(gitDir, BRANCH), `${branch}\n`, { flush: true })
  await writeFile(join(gitDir, MARK), `${task}\n`, { flush: true })
}

/** The branch of the task that a git directory was made for, or null where that is not told, or no name of such a branch. */
export async function branchIn(gitDir: string, task: string): Promise<string | null> {
  const branch = await readLine(join(gitDir, BRANCH))
  return branch?.endsWith(task) === true && isBranchName(branch) ? branch : null
}

export async function isMarked(gitDir: string, task: string): Promise<boolean> {
  return (await markIn(gitDir)) === task
}

/** The task that a git directory was made for, or null where it bears no mark. */
export async function markIn(gitDir: string): Promise<string | null> {
  return /^(.+)\n$/.exec((await readText(join(gitDir, MARK))) ?? '')?.[1] ?? null
}

/**
 * What differs between a worktree on disk and one that Coppice made for a task there, or null if nothing does.
 * Asked before anything is read or taken away: an agent can write all of its worktree, the `.git` file included.
 */
export async function strangeness(
  { commonDir }: Repository,
  path: string,
  gitDir: string,
  task: string,
): Promise<string | null> {
  // The log of a copied repository speaks of the original's worktrees.
  if (dirname(dirname(gitDir)) !== commonDir)
    return 'it belongs to another repository, of which this may be a copy'
  const found = await lookAt(path)
  if (found === null) return 'its directory is gone'
  if (!found.isDirectory()) return 'it is no directory any more'
  if ((await pointedGitDir(path)) !== gitDir) return 'its .git file was changed'
  if ((await lookAt(gitDir)) === null) return 'git has no entry of it any more'
  if ((await readText(join(gitDir, 'gitdir')))?.trim() !== join(path, '.git')) {
    return 'its git directory belongs to another place'
  }
  if (!(await isMarked(gitDir, task))) return 'its git directory is not the one that was made for this task'
  return null
}

/** Whether a worktree belongs to another repository; two may have one place for their worktrees, and tasks of one id. */
export async function isOfAnother({ commonDir }: Repository, path: string): Promise<boolean> {
  const named = await pointedGitDir(path)
  if (named === null) return false
  const gitDir = resolve(path, named)
  const isOurs = [join(commonDir, 'worktrees'), poolOf({ commonDir })].includes(dirname(gitDir))
  return !isOurs && (await isThere(gitDir))
}
