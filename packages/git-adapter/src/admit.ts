import type { FactData, TaskRequest } from '@coppice/core'
import { join } from 'node:path'
import {
  BaseNotFoundError,
  BranchExistsError,
  BranchPrefixError,
  EmptyRepositoryError,
  TargetNotFoundError,
} from './errors/repository-errors.js'
import { PathOccupiedError } from './errors/worktree-errors.js'
import { isThere, lookAt } from './files/look.js'
import { isBranchName } from './git/branch-name.js'
import { branchRef, resolveBranch, resolveBranches } from './git/refs.js'
import { git } from './git/run.js'
import type { Repository } from './repository/repository.js'
import type { Site } from './site.js'

/** Resolves a request against the repository. Reads only, so that a request that cannot be met leaves nothing behind. */
export async function admit(site: Site, request: TaskRequest): Promise<FactData['task.requested']> {
  const { repository } = site
  const base = await baseOf(site, request.base)
  const into = request.into ?? base.branch
  if (into !== null && request.into !== undefined) {
    if ((await resolveBranch(repository.place, into)) === null) throw new TargetNotFoundError(into)
  }
  const branch = `${site.branchPrefix}${request.id}`
  if (!isBranchName(branch)) throw new BranchPrefixError(site.branchPrefix, branch)
  await refuseTakenBranch(site, branch)
  const path = join(site.worktreesDir, request.id)
  if (await isThere(path)) throw new PathOccupiedError(path)
  if ((await lookAt(site.worktreesDir))?.isDirectory() === false)
    throw new PathOccupiedError(site.worktreesDir)
  return { title: request.title ?? null, base: { ref: base.ref, commit: base.commit }, into, branch, path }
}

interface ResolvedBase {
  readonly ref: string
  readonly commit: string
  /** The local branch that the base is, or null. */
  readonly branch: string | null
}

async function baseOf({ repository }: Site, wanted: string | undefined): Promise<ResolvedBase> {
  const ref = wanted ?? 'HEAD'
  const [commit, name] = await Promise.all([
    parsed(repository, `${ref}^{commit}`),
    // By its name, not by where it is: it may move between the two questions.
    parsed(repository, ref, '--symbolic-full-name'),
  ])
  if (commit === '') {
    if (wanted === undefined) throw new EmptyRepositoryError(repository.directory)
    throw new BaseNotFoundError(ref)
  }
  const branch = /^refs\/heads\/(.+)$/.exec(name)?.[1] ?? null
  return { ref: ref === 'HEAD' ? (branch ?? ref) : ref, commit, branch }
}

/** What git says that a revision is; empty where it knows none. A tag of the same name comes before a branch. */
async function parsed({ gitDir }: Repository, revision: string, ...options: string[]): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', ...options, '--end-of-options', revision]
  const { stdout, exitCode } = await git({ gitDir }, { args, answers: [1, 128] })
  return exitCode === 0 ? stdout.toString('utf8').trim() : ''
}

/** A branch that exists is somebody's; so is one whose name would have to be a directory of ours. */
async function refuseTakenBranch({ repository }: Site, branch: string): Promise<void> {
  const { stdout } = await git(repository.place, {
    args: ['for-each-ref', '--format=%(refname)', branchRef(branch)],
  })
  if (stdout.length > 0) throw new BranchExistsError(branch)
  const parts = branch.split('/')
  const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
  const found = await resolveBranches(repository.place, above)
  const taken = above.find((_, index) => found[index] !== null)
  if (taken !== undefined) throw new BranchExistsError(taken)
}
