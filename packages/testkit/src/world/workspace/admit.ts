import type { FactData, TaskRequest } from '@coppice/core'
import { branchRef } from '../../git-model/refs.js'
import type { SimulatedRepository } from '../../git-model/repository.js'
import { branchOf } from '../../git-model/worktree.js'
import { SimulatedGitError } from './errors.js'
import { resolveRevision } from './revision.js'
import type { SimulatedSite } from './site.js'

/** Resolves a request against the repository, changing nothing. */
export function admit({ repository }: SimulatedSite, request: TaskRequest): FactData['task.requested'] {
  const base = baseOf(repository, request.base)
  const into = request.into ?? base.branch
  if (request.into !== undefined && repository.branch(request.into) === null) {
    throw new SimulatedGitError('target-not-found', `there is no local branch ${request.into}`, request.into)
  }
  const branch = `${repository.branchPrefix}${request.id}`
  requireBranchName(branch)
  refuseTakenBranch(repository, branch)
  const path = `${repository.worktreesDir}/${request.id}`
  if (repository.directories.has(path)) {
    throw new SimulatedGitError('path-occupied', `${path} exists already`, path)
  }
  return { title: request.title ?? null, base: { ref: base.ref, commit: base.commit }, into, branch, path }
}

interface ResolvedBase {
  readonly ref: string
  readonly commit: string
  /** The local branch that the base is, or null. */
  readonly branch: string | null
}

function baseOf(repository: SimulatedRepository, wanted: string | undefined): ResolvedBase {
  const ref = wanted ?? 'HEAD'
  const found = resolveRevision(repository, ref)
  if (found === null) {
    if (wanted !== undefined) {
      throw new SimulatedGitError('base-not-found', `${JSON.stringify(ref)} names no commit`, ref)
    }
    throw new SimulatedGitError('empty-repository', 'the repository has no commit yet')
  }
  const name = ref === 'HEAD' ? branchOf(repository.head) : null
  const branch = name ?? /^refs\/heads\/(.+)$/.exec(found.ref ?? '')?.[1] ?? null
  return { ref: name ?? ref, commit: found.commit, branch }
}

/** What no part of a branch's name may hold, and how none may begin or end. */
const NO_BRANCH_NAME = /[\s\p{Cc}~^:?*[\\]|\.\.|@\{|\/\/|(?:^|\/)\.|\.lock(?:\/|$)|^[-/]|[/.]$/u

function requireBranchName(branch: string): void {
  if (NO_BRANCH_NAME.test(branch)) {
    throw new SimulatedGitError('branch-prefix-invalid', `${branch} is no name of a branch`, branch)
  }
}

/** A branch that exists is somebody's; so is one whose name would have to be a directory of ours. */
function refuseTakenBranch({ refs }: SimulatedRepository, branch: string): void {
  const ref = branchRef(branch)
  const obstacle = refs.get(ref) === null ? refs.obstacleTo(ref) : ref
  if (obstacle === null) return
  const taken = ref.startsWith(`${obstacle}/`) ? obstacle.slice(branchRef('').length) : branch
  throw new SimulatedGitError('branch-exists', `the branch ${taken} exists already`, taken)
}
