import {
  MAX_LISTED_FILES,
  type EffectContext,
  type MergeInProgress,
  type PrepareOutcome,
  type Rejected,
  type TaskState,
} from '@coppice/core'
import type { Signature } from '../../git-model/objects.js'
import { pinRef } from '../../git-model/refs.js'
import { capture, type Capture } from './capture.js'
import { isPinned, pin } from './pin.js'
import { rejected } from './rejected.js'
import type { SimulatedSite } from './site.js'
import { strategies } from './strategies.js'

/** Computes the commit that will land from exactly what the newest checkpoint holds, and pins it. */
export async function prepareMerge(
  site: SimulatedSite,
  task: TaskState,
  merge: MergeInProgress,
  { at }: EffectContext,
): Promise<PrepareOutcome> {
  const { repository, steps } = site
  if (!repository.directories.has(task.path)) return { kind: 'missing' }
  const content = await capture(site, task)
  if (!isPinned(task, content)) {
    const request = { task, message: `before ${task.id} is merged`, at }
    return { kind: 'pinned', checkpoint: await pin(site, content, request) }
  }
  const base = repository.branch(merge.into)
  if (base === null) return rejected('base-missing', `there is no branch ${merge.into} to merge into`)
  if (merge.into === task.branch) return rejected('error', 'the branch to merge into is the task’s own')
  const obstacle = obstacleIn(site, content, task)
  if (obstacle !== null) return obstacle
  if (repository.identity === null)
    return rejected('no-identity', 'git knows no name and address for the merge')

  const by: Signature = { ...repository.identity, at }
  const tip = tipOf(site, content, task, merge, by)
  const merged = repository.isAncestor(tip, base)
    ? ({ kind: 'merged', commit: base } as const)
    : strategies[merge.strategy]({ repository, task, merge, base, tip, by })
  if (merged.kind === 'not-fast-forward') {
    return rejected('not-fast-forward', `${merge.into} has commits that ${task.branch} has not`)
  }
  if (merged.kind === 'conflicted') {
    const { files } = merged
    return { kind: 'conflicted', data: { files: files.slice(0, MAX_LISTED_FILES), fileCount: files.length } }
  }
  await steps.step('pin the merge')
  repository.refs.set(pinRef(task.id, 'merge'), merged.commit)
  const { tree } = repository.objects.commit(merged.commit)
  return { kind: 'prepared', data: { commit: merged.commit, tree, base, tip } }
}

/** What makes it unclear which content is meant: a merge never guesses. */
function obstacleIn(
  { repository }: SimulatedSite,
  { head, tip, branch }: Capture,
  task: TaskState,
): Rejected | null {
  if (head !== null && (tip === null || repository.isAncestor(tip, head))) return null
  const where = branch === null ? 'HEAD is detached' : `HEAD is on ${branch}`
  return rejected('branch-diverged', `${where}, and ${task.branch} has commits that are not in it`)
}

/** The commit to merge: HEAD, with a commit on top of what was staged, unstaged or untracked. */
function tipOf(
  { repository }: SimulatedSite,
  { head, headTree, tree }: Capture,
  task: TaskState,
  merge: MergeInProgress,
  by: Signature,
): string {
  if (head === null) throw new TypeError('there is no commit to merge')
  if (tree === headTree) return head
  const message = `${merge.message ?? task.title ?? task.id}\n`
  return repository.objects.writeCommit({ tree, parents: [head], message, author: by, committer: by })
}
