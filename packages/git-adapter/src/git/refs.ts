import { gitFailure } from '../errors/git-errors.js'
import { resolveOne } from './objects.js'
import type { Place } from './place.js'
import { git } from './run.js'
import { pastStaleLock } from './stale-lock.js'

/** What `update-ref` exits with when the ref is not what the caller expected, and for many other reasons. */
const REFUSED = [1, 128]

/**
 * Moves a ref from one object to another in one step (from null: it must not exist; to null: it is deleted), or
 * leaves it as it is and answers false. Compare-and-swap is what makes an effect on a ref happen once.
 */
export async function moveRef(
  repository: Place,
  ref: string,
  from: string | null,
  to: string | null,
  reason: string,
): Promise<boolean> {
  // An empty old value is git's way to say that the ref must not exist. Deleting a symbolic ref would delete what it names.
  const change =
    to === null ? ['--no-deref', '-d', ref, ...(from === null ? [] : [from])] : [ref, to, from ?? '']
  const args = ['update-ref', '-m', reason, ...change]
  const { exitCode, stderr } = await pastStaleLock(repository, () =>
    git(repository, { args, answers: REFUSED }),
  )
  if (exitCode === 0) return true
  // Another value than expected is an answer; a lock in the way, a full disk or an impossible name is not.
  if ((await resolveOne(repository, ref)) !== from) return false
  throw gitFailure(args, exitCode, stderr)
}

/** Points a ref at an object, whatever it pointed at before. */
export async function setRef(repository: Place, ref: string, to: string, reason: string): Promise<void> {
  const args = ['update-ref', '-m', reason, ref, to]
  const { exitCode, stderr } = await pastStaleLock(repository, () =>
    git(repository, { args, answers: REFUSED }),
  )
  if (exitCode !== 0) throw gitFailure(args, exitCode, stderr)
}

export function branchRef(branch: string): string {
  return `refs/heads/${branch}`
}

/** Every ref that Coppice keeps for a task lies under here; no clone and no push takes it along by default. */
export function pinRef(task: string, name: string): string {
  return `refs/coppice/${task}/${name}`
}

/** What makes of a name an expression: `main~1` and `main@{1}` are commits, and no branches. */
const EXPRESSION = /[\p{Cc} ~^:?*[\\]|\.\.|@\{/u

/** The revision that names the commit of a local branch, and of no name that is none. */
export function commitOf(branch: string): string {
  return EXPRESSION.test(branch) ? '' : `${branchRef(branch)}^{commit}`
}

/** The commit that a local branch is at; null for one that does not exist. */
export function resolveBranch(repository: Place, branch: string): Promise<string | null> {
  return resolveOne(repository, commitOf(branch))
}
