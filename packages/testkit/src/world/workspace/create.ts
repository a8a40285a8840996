import { isCoppiceError, type CreateOutcome, type EffectContext, type TaskState } from '@coppice/core'
import { branchRef } from '../../git-model/refs.js'
import { ensureBranch } from './branch.js'
import { discard } from './discard.js'
import { SimulatedGitError } from './errors.js'
import { attachHead, startOf } from './head.js'
import { standingGitDir } from './ownership.js'
import { fill, plant, transplant } from './plant.js'
import { makingPath, type SimulatedSite } from './site.js'

/** Failures that another attempt would only repeat. */
const HOPELESS = new Set(['path-occupied', 'branch-exists', 'branch-moved'])

/** Makes branch and worktree, beside its place, and moves it there when it is whole. */
export async function create(
  site: SimulatedSite,
  task: TaskState,
  context: EffectContext,
): Promise<CreateOutcome> {
  const { repository } = site
  try {
    const gitDir = alreadyMade(site, task) ?? (await make(site, task, context))
    const entry = repository.entries.get(gitDir)
    const head = entry === undefined ? null : repository.commitOf(entry.head)
    return { kind: 'created', data: { gitDir, head: head ?? task.base.commit } }
  } catch (error) {
    await undo(site, task)
    context.signal?.throwIfAborted()
    const code = isCoppiceError(error) ? error.code : 'unforeseen'
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'creation-failed', failure: { code, message }, retryable: !HOPELESS.has(code) }
  }
}

async function make(site: SimulatedSite, task: TaskState, { signal }: EffectContext): Promise<string> {
  const { repository } = site
  const { objects } = repository
  const checkpoint = await ensureBranch(site, task)
  const staging = makingPath(task)
  const head = startOf(task, checkpoint)
  const gitDir = await plant(site, task.id, staging, { head }, signal)
  signal?.throwIfAborted()
  if (checkpoint === null)
    await fill(site, gitDir, staging, repository.filesAt(repository.branch(task.branch)))
  else {
    await fill(site, gitDir, staging, objects.files(checkpoint.tree), objects.files(checkpoint.index))
    await attachHead(site, task, gitDir, checkpoint)
  }
  await transplant(site, gitDir, staging, task)
  return gitDir
}

/** The git directory of a worktree that is in its place already: the effect was done, its outcome not recorded. */
function alreadyMade({ repository }: SimulatedSite, task: TaskState): string | null {
  if (!repository.directories.has(task.path)) return null
  const gitDir = standingGitDir(repository, task)
  if (gitDir !== null) return gitDir
  throw new SimulatedGitError('path-occupied', `${task.path} exists already`, task.path)
}

/** Leaves nothing behind of an attempt that failed: nobody has worked in what it made. */
async function undo(site: SimulatedSite, task: TaskState): Promise<void> {
  await discard(site, { ...task, gitDir: null })
  if (task.checkpoint !== null || site.repository.branch(task.branch) === null) return
  await site.steps.step('take the branch back')
  site.repository.refs.move(branchRef(task.branch), task.base.commit, null)
}
