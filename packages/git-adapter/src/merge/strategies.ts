import type { MergeStrategy, TaskState } from '@coppice/core'
import { commitTree, isAncestor, resolveOne } from '../git/objects.js'
import { mergeTrees } from './merge-trees.js'
import type { MergePlan, Strategy } from './plan.js'
import { rebase } from './rebase.js'

/** One merge commit with both histories behind it, as `git merge --no-ff` makes. */
const merge: Strategy = async (plan, signal) => {
  const { place, base, tip, by } = plan
  const merged = await mergeTrees(plan, base, tip, signal)
  if (!merged.clean) return { kind: 'conflicted', files: merged.files }
  // What the target has already changes nothing in it; to ask only then saves a process.
  const isNothing = merged.tree === (await resolveOne(place, `${base}^{tree}`))
  if (isNothing && (await isAncestor(place, tip, base))) return { kind: 'merged', commit: base }
  const message = messageOf(plan, `Merge task ${plan.task.id}${titleOf(plan.task)}`)
  const commit = { tree: merged.tree, parents: [base, tip], message, author: by, committer: by }
  return { kind: 'merged', commit: await commitTree(place, commit, signal) }
}

/** One ordinary commit with all that the task changed. */
const squash: Strategy = async (plan, signal) => {
  const { place, base, tip, by } = plan
  const merged = await mergeTrees(plan, base, tip, signal)
  if (!merged.clean) return { kind: 'conflicted', files: merged.files }
  if (merged.tree === (await resolveOne(place, `${base}^{tree}`))) return { kind: 'merged', commit: base }
  const message = messageOf(plan, plan.task.title ?? plan.task.id)
  const commit = { tree: merged.tree, parents: [base], message, author: by, committer: by }
  return { kind: 'merged', commit: await commitTree(place, commit, signal) }
}

/** The task's own commits as they are, if the target has nothing that they have not. */
const fastForward: Strategy = async ({ place, base, tip }) => {
  if (await isAncestor(place, base, tip)) return { kind: 'merged', commit: tip }
  if (await isAncestor(place, tip, base)) return { kind: 'merged', commit: base }
  return { kind: 'not-fast-forward' }
}

export const strategies: Readonly<Record<MergeStrategy, Strategy>> = {
  merge,
  squash,
  rebase,
  ff: fastForward,
}

function messageOf({ merge: { message } }: MergePlan, otherwise: string): string {
  return `${message ?? otherwise}\n`
}

function titleOf({ title }: TaskState): string {
  return title === null ? '' : `: ${title}`
}
