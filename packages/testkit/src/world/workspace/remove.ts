import type { EffectContext, RemoveOutcome, TaskState } from '@coppice/core'
import { dropBranch } from './branch.js'
import { captureContent } from './capture.js'
import { discard, markPinned, moveToTrash, takeBack, thrownAway } from './discard.js'
import { hasGoneOn, lostGitDir, pinDiscarded, salvage, salvageTrash } from './lost.js'
import { standingGitDir, strangeness } from './ownership.js'
import { isPinned, pin } from './pin.js'
import { rebuild } from './rebuild.js'
import type { SimulatedSite } from './site.js'

/**
 * Takes a worktree away: only if it is the one that was made, only once everything in it is held by a checkpoint that the
 * log speaks of, and in one step. A second look where it lies then finds what was written in between.
 */
export async function remove(
  site: SimulatedSite,
  known: TaskState,
  context: EffectContext,
): Promise<RemoveOutcome> {
  // What a task comes back with is its newest checkpoint, and that takes a worktree.
  if (known.status !== 'merged' && hasGoneOn(site, known)) await rebuild(site, known, context)
  const { repository } = site
  const task = asItStands(site, known)
  const { id, gitDir, path } = task
  if (gitDir !== null && repository.directories.has(path)) {
    const strange = strangeness(repository, path, gitDir, id)
    if (strange !== null) return deferred('worktree-broken', `${path} is not as it was made: ${strange}`)
    await pinDiscarded(site, task, gitDir, context.at)
    const outcome = await pinnedFirst(site, task, gitDir, context)
    if (outcome !== null) return outcome
    await moveToTrash(site, task)
  }
  const thrown = thrownAway(site, task)
  if (thrown === null) {
    const lost = gitDir === null ? null : lostGitDir(site, task)
    if (lost !== null) await salvage(site, task, lost, context.at)
    await salvageTrash(site, task, context.at)
  } else {
    const late = await pinnedFirst(site, { ...task, path: thrown.path }, thrown.gitDir, context)
    if (late?.kind === 'pinned') await pinDiscarded(site, task, thrown.gitDir, context.at)
    if (late?.kind === 'deferred') await takeBack(site, task, thrown.path)
    if (late !== null) return late
    await markPinned(site, thrown.path)
  }
  await discard(site, task)
  const kept = task.status === 'parked' ? null : await dropBranch(site, task)
  return kept === null ? { kind: 'removed' } : deferred('branch-in-use', kept)
}

/** One that was made anew for its removal, or whose maker died at once, has another git directory than the log speaks of. */
function asItStands({ repository }: SimulatedSite, task: TaskState): TaskState {
  const standing = standingGitDir(repository, task)
  return standing === null ? task : { ...task, gitDir: standing }
}

/** Pins what a worktree holds, or says what forbids to take it away; null when all is pinned and nothing forbids it. */
async function pinnedFirst(
  site: SimulatedSite,
  task: TaskState,
  gitDir: string,
  { at, force = false }: EffectContext,
): Promise<RemoveOutcome | null> {
  const content = await captureContent(site, task)
  if (!isPinned(task, content)) {
    const request = { task, message: `before ${task.id} is ${task.status}`, at }
    return { kind: 'pinned', checkpoint: await pin(site, content, request) }
  }
  const locked = site.repository.entries.get(gitDir)?.locked ?? null
  if (force || locked === null) return null
  return deferred('worktree-locked', `${task.path} is locked: ${locked.trim() || 'no reason given'}`)
}

function deferred(code: string, message: string): RemoveOutcome {
  return { kind: 'deferred', failure: { code, message } }
}
