import type { LandOutcome, MergeInProgress, PreparedMerge, TaskState } from '@coppice/core'
import { carryOver } from '../../git-model/carry-over.js'
import { branchRef } from '../../git-model/refs.js'
import type { WorktreeEntry } from '../../git-model/worktree.js'
import { rejected } from './rejected.js'
import { underLandingLock, type SimulatedSite } from './site.js'

/**
 * Moves the target branch from the commit that the merge was computed on to the commit that was prepared, in one step or
 * not at all. Asked again after a crash: if the target contains the commit, it has landed.
 */
export function land(
  site: SimulatedSite,
  _task: TaskState,
  { into, prepared }: MergeInProgress,
  signal?: AbortSignal,
): Promise<LandOutcome> {
  if (prepared === null) throw new TypeError('there is nothing prepared to land')
  return underLandingLock(site, signal, () => landOn(site, into, prepared))
}

async function landOn(
  site: SimulatedSite,
  into: string,
  { commit, base }: PreparedMerge,
): Promise<LandOutcome> {
  const { repository, steps } = site
  await steps.step('read the target')
  const actual = repository.branch(into)
  if (actual !== null && repository.isAncestor(commit, actual)) return { kind: 'landed', data: { commit } }
  if (actual !== base) return { kind: 'base-moved', data: { expected: base, actual } }
  const [checkout, another] = repository.checkoutsOf(into)
  if (another !== undefined)
    return rejected('checkout-in-the-way', `${into} is checked out in more than one place`)
  await steps.step('move the target')
  if (checkout === undefined) repository.refs.move(branchRef(into), base, commit)
  else {
    const paths = bringAlong(site, checkout, into, { base, commit })
    if (paths.length > 0) {
      const message = `${into} is checked out in ${checkout.path}, where changes of your own are in the way`
      return rejected('checkout-in-the-way', message, { files: paths })
    }
  }
  const reached = repository.branch(into)
  if (reached !== null && repository.isAncestor(commit, reached)) return { kind: 'landed', data: { commit } }
  return { kind: 'base-moved', data: { expected: base, actual: reached } }
}

/**
 * Fast-forwards the worktree that stands on the target. It is git that does it, in a process of its own which comes to
 * its end when its starter is killed; so this is one step. Answers with the paths that are in the way.
 */
function bringAlong(
  { repository }: SimulatedSite,
  { gitDir, path, index }: WorktreeEntry,
  branch: string,
  { base, commit }: Pick<PreparedMerge, 'base' | 'commit'>,
): readonly string[] {
  const directory = repository.directories.get(path)
  if (directory === undefined || repository.branch(branch) !== base) return []
  const { objects } = repository
  const content = { index, files: directory.files }
  const result = carryOver(content, objects.filesAt(base), objects.filesAt(commit))
  if (result.kind === 'in-the-way') return result.paths
  repository.directories.set(path, { ...directory, files: result.content.files })
  repository.change(gitDir, { index: result.content.index })
  repository.refs.move(branchRef(branch), base, commit)
  repository.moveHead(gitDir, { branch })
  return []
}
