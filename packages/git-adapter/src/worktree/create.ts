import type { CreateOutcome, EffectContext, TaskState } from '@coppice/core'
import { isCoppiceError } from '@coppice/core'
import { dirname } from 'node:path'
import { PathOccupiedError, SetupError } from '../errors/worktree-errors.js'
import { isThere } from '../files/look.js'
import { resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import type { Site } from '../site.js'
import { ensureBranch } from './branch.js'
import { discard } from './discard.js'
import { attachHead, startOf } from './head.js'
import { makingPath, tidyUp } from './layout.js'
import { pinUnrecorded } from './pin-unrecorded.js'
import { fill, plant, transplant } from './plant.js'
import { restoreContent } from './restore-content.js'
import { runCommand } from '../process/run-command.js'
import { standingGitDir } from './standing.js'

/** Failures that another attempt would only repeat. */
const HOPELESS = new Set(['path-occupied', 'branch-exists', 'branch-moved'])

/**
 * Makes branch and worktree. The worktree is made beside its place and moved there by one rename when it is whole,
 * so it is either there and complete or not there; what an interrupted attempt left is never mistaken for it.
 */
export async function create(site: Site, task: TaskState, context: EffectContext): Promise<CreateOutcome> {
  let stood: string | null = null
  try {
    stood = await alreadyMade(site, task)
    const gitDir = stood ?? (await make(site, task, context))
    await setUp(site, task, context)
    const head = await resolveOne({ gitDir }, 'HEAD')
    return { kind: 'created', data: { gitDir, head: head ?? task.base.commit } }
  } catch (error) {
    // Somebody may have been at work in what an earlier attempt had made.
    const isOurs = stood === null || (await pinUnrecorded(site, { ...task, gitDir: stood }, context.at))
    if (isOurs) await undo(site, task)
    context.signal?.throwIfAborted()
    const code = isCoppiceError(error) ? error.code : 'unforeseen'
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'creation-failed', failure: { code, message }, retryable: !HOPELESS.has(code) }
  }
}

async function make(site: Site, task: TaskState, { signal }: EffectContext): Promise<string> {
  const checkpoint = await ensureBranch(site.repository, task)
  const staging = makingPath(task)
  const gitDir = await plant(site, task.id, staging, startOf(task, checkpoint), signal)
  if (checkpoint === null) await fill(gitDir, staging, signal)
  else {
    await restoreContent(site, { task, gitDir, workTree: staging }, checkpoint, signal)
    await attachHead(site, task, gitDir, checkpoint)
  }
  await transplant(gitDir, staging, task.path)
  return gitDir
}

/** The git directory of a worktree that is in its place already: the effect was done, its outcome not recorded. */
async function alreadyMade(site: Site, task: TaskState): Promise<string | null> {
  if (!(await isThere(task.path))) return null
  const gitDir = await standingGitDir(site, task)
  if (gitDir === null) throw new PathOccupiedError(task.path)
  await tidyUp(dirname(makingPath(task)))
  return gitDir
}

async function setUp(site: Site, task: TaskState, { signal }: EffectContext): Promise<void> {
  if (site.setup === null) return
  const variables = { COPPICE_TASK: task.id, COPPICE_PATH: task.path }
  const { exitCode, output } = await runCommand(task.path, site.setup, variables, signal)
  if (exitCode !== 0) throw new SetupError(site.setup, exitCode, output)
}

/** Leaves nothing behind of an attempt that failed: nobody has worked in what it made, or that is pinned. */
async function undo(site: Site, task: TaskState): Promise<void> {
  await discard(site, { ...task, gitDir: null })
  if (task.checkpoint !== null) return
  await moveRef(site.repository.place, branchRef(task.branch), task.base.commit, null, 'coppice: undo')
}
