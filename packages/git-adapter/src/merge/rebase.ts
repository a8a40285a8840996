import { commitTree, type Signature } from '../git/objects.js'
import { git } from '../git/run.js'
import { mergeTrees } from './merge-trees.js'
import type { MergePlan, Strategy } from './plan.js'

/** A commit to be replayed: what it changed, and how it is told. */
interface Step {
  readonly commit: string
  readonly tree: string
  /** Null for a first commit. */
  readonly parent: string | null
  readonly parentTree: string
  readonly author: Signature
  readonly message: string
}

/**
 * The task's commits one by one on top of the target, as `git rebase` does: merge commits are left out, and so are
 * commits that change nothing any more (those that never did are kept).
 */
export const rebase: Strategy = async (plan, signal) => {
  let onto = plan.base
  let ontoTree = await treeOf(plan, plan.base)
  for (const step of await stepsOf(plan)) {
    signal?.throwIfAborted()
    if (step.parent === onto) {
      // It stands where it belongs already, so it stays the commit that it is.
      onto = step.commit
      ontoTree = step.tree
      continue
    }
    const picked = await pick(plan, step, ontoTree, signal)
    if (!picked.clean) return { kind: 'conflicted', files: picked.files }
    const wasEmpty = step.tree === step.parentTree
    if (picked.tree === ontoTree && !wasEmpty) continue
    const { author, message } = step
    const commit = { tree: picked.tree, parents: [onto], message, author, committer: plan.by }
    onto = await commitTree(plan.place, commit, signal)
    ontoTree = picked.tree
  }
  return { kind: 'merged', commit: onto }
}

/**
 * Before git 2.40 `merge-tree` takes no base of one's own, so the three trees are dressed up as commits that have
 * the wanted one as their common ancestor.
 */
async function pick(plan: MergePlan, step: Step, ontoTree: string, signal?: AbortSignal) {
  const { place, by } = plan
  const dress = (tree: string, parents: readonly string[]): Promise<string> =>
    commitTree(place, { tree, parents, message: 'a step of a rebase\n', author: by, committer: by }, signal)
  const ancestor = await dress(step.parentTree, [])
  const ours = await dress(ontoTree, [ancestor])
  const theirs = await dress(step.tree, [ancestor])
  return mergeTrees(plan, ours, theirs, signal)
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%B%x00'
const FIELDS = 7

async function stepsOf(plan: MergePlan): Promise<readonly Step[]> {
  const args = [
    'log',
    '--reverse',
    '--topo-order',
    '--no-merges',
    '--no-show-signature',
    '--encoding=UTF-8',
    `--format=tformat:${FORMAT}`,
  ]
  const { stdout } = await git(plan.place, { args: [...args, `${plan.base}..${plan.tip}`] })
  const fields = stdout.toString('utf8').split('\0')
  const steps: Step[] = []
  for (let at = 0; at + FIELDS < fields.length + 1 && fields[at]?.trim() !== ''; at += FIELDS) {
    const [commit = '', tree = '', parents = '', name = '', email = '', date = '', message = ''] =
      fields.slice(at)
    const [first = ''] = parents.split(' ')
    const parent = first === '' ? null : first
    const parentTree = await treeOf(plan, parent)
    steps.push({
      commit: commit.trim(),
      tree,
      parent,
      parentTree,
      author: { name, email, at: date },
      message,
    })
  }
  return steps
}

async function treeOf({ place }: MergePlan, commit: string | null): Promise<string> {
  const command =
    commit === null ? { args: ['mktree'] } : { args: ['rev-parse', '--verify', `${commit}^{tree}`] }
  return (await git(place, command)).stdout.toString('utf8').trim()
}
