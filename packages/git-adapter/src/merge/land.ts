import type { LandOutcome, MergeInProgress, PreparedMerge, TaskState } from '@coppice/core'
import { CheckoutLockedError } from '../errors/repository-errors.js'
import { isAncestor, resolveOne } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { branchRef, moveRef } from '../git/refs.js'
import { syncFileSystems } from '../git/sync.js'
import { underLandingLock, type Site } from '../site.js'
import { bringAlong } from './bring-along.js'
import { checkoutsOf, isInPlace } from './checkouts.js'
import { finishMarked } from './finish-marked.js'
import { rejected } from './rejected.js'
import { standsFor } from './stands-for.js'

/** The user may turn to the branch, or away from it, between our look and git's; hardly more often than once. */
const ATTEMPTS = 3

/**
 * Moves the target branch from the commit that the merge was computed on to the commit that was prepared, in one
 * step or not at all. Asked again after a crash: if the target contains the commit, it has landed. What the commit reaches was on the
 * disk before the log spoke of it, also what the agent's own git wrote, which does not sync; and once it has landed, so is that.
 */
export function land(
  site: Site,
  task: TaskState,
  merge: MergeInProgress,
  signal?: AbortSignal,
): Promise<LandOutcome> {
  const { prepared } = merge
  if (prepared === null) throw new TypeError('there is nothing prepared to land')
  return underLandingLock(site, signal, async () => {
    try {
      await finishMarked(site, signal)
    } catch (error) {
      if (error instanceof CheckoutLockedError) return rejected('checkout-in-the-way', error.message)
      throw error
    }
    return landOn(site, task, await standsFor(site.repository, merge.into), prepared)
  })
}

async function landOn(
  site: Site,
  task: TaskState,
  into: string,
  prepared: PreparedMerge,
  attempts = ATTEMPTS,
): Promise<LandOutcome> {
  const { commit, base } = prepared
  const { repository } = site
  const ref = branchRef(into)
  const actual = await resolveOne(repository.place, ref)
  // The commit has its base behind it, so a branch that is still there has it only where the two are one.
  const hasLanded = actual === base ? commit === base : await isIn(repository.place, commit, actual)
  if (hasLanded) {
    // Somebody may have done it who died before it was on the disk.
    await syncFileSystems(repository.commonDir)
    return { kind: 'landed', data: { commit } }
  }
  if (actual !== base) return { kind: 'base-moved', data: { expected: base, actual } }
  const reason = `coppice: merge task ${task.id}`
  const [checkout, another] = await checkoutsOf(repository, into)
  if (another !== undefined) {
    return rejected('checkout-in-the-way', `${into} is checked out in more than one place`)
  }
  if (checkout?.workTree != null && !(await isInPlace(repository, checkout))) {
    return rejected(
      'checkout-in-the-way',
      `${into} is checked out in ${checkout.workTree}, which is not there just now`,
    )
  }
  if (checkout !== undefined) {
    const refusal = await bringAlong(site, checkout, { branch: into, base, commit, reason })
    if (refusal !== null) return refusal
  } else {
    await moveRef(repository.place, ref, base, commit, reason)
    await syncFileSystems(repository.commonDir)
  }
  const reached = await resolveOne(repository.place, ref)
  if (await isIn(repository.place, commit, reached)) return { kind: 'landed', data: { commit } }
  if (reached !== base) return { kind: 'base-moved', data: { expected: base, actual: reached } }
  if (attempts > 1) return landOn(site, task, into, prepared, attempts - 1)
  return rejected('error', `git did not move ${into}, and did not say why`)
}

async function isIn(repository: Place, commit: string, tip: string | null): Promise<boolean> {
  return tip !== null && isAncestor(repository, commit, tip)
}
