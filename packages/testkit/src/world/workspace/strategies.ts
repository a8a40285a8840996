import type { MergeInProgress, MergeStrategy, TaskState } from '@coppice/core'
import { commitsSince, mergeBases } from '../../git-model/ancestry.js'
import { mergeCommits } from '../../git-model/merge-commits.js'
import { mergeFiles, type MergedFiles } from '../../git-model/merge-files.js'
import { treeIdOf } from '../../git-model/object-ids.js'
import type { Signature } from '../../git-model/objects.js'
import type { SimulatedRepository } from '../../git-model/repository.js'
import { SimulatedGitError } from './errors.js'

/** What a strategy needs to compute the commit that will land. */
interface MergePlan {
  readonly repository: SimulatedRepository
  readonly task: TaskState
  readonly merge: MergeInProgress
  /** The commit that the target branch is at. */
  readonly base: string
  /** The task's commit, with what was not committed in a commit of its own on top. */
  readonly tip: string
  readonly by: Signature
}

/** The commit that will land, the files in conflict, or the reason why there can be none. */
type Merged =
  | { readonly kind: 'merged'; readonly commit: string }
  | { readonly kind: 'conflicted'; readonly files: readonly string[] }
  | { readonly kind: 'not-fast-forward' }

type Strategy = (plan: MergePlan) => Merged

/** Git refuses to merge what has no history in common, and says so by failing. */
function mergeTips({ repository: { objects }, base, tip }: MergePlan): MergedFiles {
  if (mergeBases(objects, base, tip).length > 0) return mergeCommits(objects, base, tip)
  throw new SimulatedGitError('git-failed', 'refusing to merge unrelated histories')
}

/** One merge commit with both histories behind it. */
const merge: Strategy = (plan) => {
  const { repository, base, tip, by, task } = plan
  const { files, conflicts } = mergeTips(plan)
  if (conflicts.length > 0) return { kind: 'conflicted', files: conflicts }
  const title = task.title === null ? '' : `: ${task.title}`
  const message = messageOf(plan, `Merge task ${task.id}${title}`)
  return { kind: 'merged', commit: repository.commit(files, [base, tip], message, by) }
}

/** One ordinary commit with all that the task changed. */
const squash: Strategy = (plan) => {
  const { repository, base, by, task } = plan
  const { files, conflicts } = mergeTips(plan)
  if (conflicts.length > 0) return { kind: 'conflicted', files: conflicts }
  if (treeIdOf(files) === repository.objects.commit(base).tree) return { kind: 'merged', commit: base }
  return {
    kind: 'merged',
    commit: repository.commit(files, [base], messageOf(plan, task.title ?? task.id), by),
  }
}

/**
 * The task's commits one by one on top of the target: merge commits are left out, and so are commits that change nothing
 * any more (those that never did are kept).
 */
const rebase: Strategy = ({ repository, base, tip, by }) => {
  const { objects } = repository
  let onto = base
  for (const commit of commitsSince(objects, base, tip)) {
    const { parents, tree, author, message } = objects.commit(commit)
    const [parent, ...more] = parents
    if (more.length > 0) continue
    if (parent === onto) {
      onto = commit
      continue
    }
    const before = parent === undefined ? repository.filesAt(null) : objects.filesAt(parent)
    const ontoFiles = objects.filesAt(onto)
    const { files, conflicts } = mergeFiles(before, ontoFiles, objects.files(tree))
    if (conflicts.length > 0) return { kind: 'conflicted', files: conflicts }
    const wasEmpty = tree === treeIdOf(before)
    if (treeIdOf(files) === treeIdOf(ontoFiles) && !wasEmpty) continue
    onto = repository.commit(files, [onto], message, by, author)
  }
  return { kind: 'merged', commit: onto }
}

/** The task's own commits as they are, if the target has nothing that they have not. */
const fastForward: Strategy = ({ repository, base, tip }) =>
  repository.isAncestor(base, tip) ? { kind: 'merged', commit: tip } : { kind: 'not-fast-forward' }

export const strategies: Readonly<Record<MergeStrategy, Strategy>> = {
  merge,
  squash,
  rebase,
  ff: fastForward,
}

function messageOf({ merge: { message } }: MergePlan, otherwise: string): string {
  return `${message ?? otherwise}\n`
}
