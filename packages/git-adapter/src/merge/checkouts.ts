import { join, resolve } from 'node:path'
import { isThere, readText } from '../files/look.js'
import { adminEntries, pointedGitDir } from '../repository/admin-entries.js'
import { readHead } from '../repository/head.js'
import { operationIn } from '../repository/operation.js'
import type { Repository } from '../repository/repository.js'
import { standsFor } from './stands-for.js'

/** A place where a branch is checked out. */
export interface Checkout {
  readonly gitDir: string
  /** Null for a main checkout whose directory git does not record. */
  readonly workTree: string | null
  /** What is going on there that a moving branch would disturb, or null. */
  readonly busyWith: string | null
}

/** In a rebase or a bisection HEAD is detached, and these name the branch that will be put back. */
const BRANCH_NAMES = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']

/** Every checkout that stands on a branch, or is going to return to it. Reads files only. */
export async function checkoutsOf(repository: Repository, branch: string): Promise<readonly Checkout[]> {
  const candidates: { readonly gitDir: string; readonly workTree: string | null }[] = []
  if (!repository.bare) candidates.push({ gitDir: repository.commonDir, workTree: repository.mainWorkTree })
  for (const { gitDir, path } of await adminEntries(repository)) {
    // One that is locked may be on a drive that is away, and comes back.
    const isSomewhere = path !== null && ((await isThere(path)) || (await isThere(join(gitDir, 'locked'))))
    if (isSomewhere) candidates.push({ gitDir, workTree: path })
  }
  const found: Checkout[] = []
  for (const candidate of candidates) {
    if (await standsOn(repository, candidate.gitDir, branch)) {
      found.push({ ...candidate, busyWith: await operationIn(candidate.gitDir) })
    }
  }
  return found
}

/**
 * Whether what stands in a checkout's directory is that checkout. A linked worktree says in its `.git` file whose it is; in
 * its place there may be another repository by now, or a link to somewhere.
 */
export async function isInPlace({ commonDir }: Repository, { gitDir, workTree }: Checkout): Promise<boolean> {
  if (workTree === null || gitDir === commonDir) return workTree !== null && isThere(workTree)
  const pointed = await pointedGitDir(workTree)
  return pointed !== null && resolve(workTree, pointed) === gitDir
}

/** Whether a checkout stands on a branch, or is going to return to it. */
export async function standsOn(repository: Repository, gitDir: string, branch: string): Promise<boolean> {
  const on = (await readHead(gitDir))?.branch ?? null
  if (on !== null && (on === branch || (await standsFor(repository, on)) === branch)) return true
  for (const file of BRANCH_NAMES) {
    const name = (await readText(join(gitDir, file)))?.trim().replace(/^refs\/heads\//, '')
    if (name === branch) return true
  }
  return false
}
