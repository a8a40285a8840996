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
import { resolve } from './git/objects.js'
import { branchRef, commitOf } from './git/refs.js'
import { git } from './git/run.js'
import type { Repository } from './repository/repository.js'
import type { Site } from './site.js'

/** Resolves a request against the repository. Reads only, so that a request that cannot be met leaves nothing behind. */
export async function admit(site: Site, request: TaskRequest): Promise<FactData['task.requested']> {
  const { repository, worktreesDir, branchPrefix } = site
  const ref = request.base ?? 'HEAD'
  const branch = `${branchPrefix}${request.id}`
  const path = join(worktreesDir, request.id)
  // Someone waits for the task, so all that does not follow from an answer is asked at the same time.
  const [commit, name, [target, ...above], below, isTaken, beside] = await Promise.all([
    parsed(repository, `${ref}^{commit}`),
    parsed(repository, ref, '--symbolic-full-name'),
    resolve(repository.place, [request.into ?? '', ...directoriesOf(branch)].map(commitOf)),
    branchesBelow(repository, branch),
    isThere(path),
    lookAt(worktreesDir),
  ])
  const base = baseOf(repository, request.base, commit, name)
  if (request.into !== undefined && target === null) throw new TargetNotFoundError(request.into)
  if (!isBranchName(branch)) throw new BranchPrefixError(branchPrefix, branch)
  if (below.length > 0) throw new BranchExistsError(branch)
  const taken = directoriesOf(branch).find((_, index) => above[index] != null)
  if (taken !== undefined) throw new BranchExistsError(taken)
  if (isTaken) throw new PathOccupiedError(path)
  if (beside?.isDirectory() === false) throw new PathOccupiedError(worktreesDir)
  const into = request.into ?? base.branch
  return { title: request.title ?? null, base: { ref: base.ref, commit: base.commit }, into, branch, path }
}

interface ResolvedBase {
  readonly ref: string
  readonly commit: string
  /** The local branch that the base is, or null. */
  readonly branch: string | null
}

function baseOf(
  { directory }: Repository,
  wanted: string | undefined,
  commit: string,
  name: string,
): ResolvedBase {
  const ref = wanted ?? 'HEAD'
  if (commit === '') {
    if (wanted === undefined) throw new EmptyRepositoryError(directory)
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

/** The branch of a name, which is somebody's, and all whose names would have it for a directory. */
async function branchesBelow({ place }: Repository, branch: string): Promise<Buffer> {
  const args = ['for-each-ref', '--format=%(refname)', branchRef(branch)]
  return (await git(place, { args })).stdout
}

/** The names that would have to be directories of ours, and cannot be where they are branches. */
function directoriesOf(branch: string): readonly string[] {
  const parts = branch.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}
