import type { EffectContext, RemoveOutcome, TaskState } from '@coppice/core'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { captureContent, captureLast, type Capture } from '../capture/capture.js'
import { isPinned, pin } from '../capture/pin.js'
import { isThere, readText } from '../files/look.js'
import { resolveOne } from '../git/objects.js'
import { processesInside } from '../process/inside.js'
import { mountsBelow } from '../process/mounts.js'
import type { Site } from '../site.js'
import { discard } from './discard.js'
import { dropBranch } from './drop-branch.js'
import { markPinned, moveToTrash, takeBack } from './layout.js'
import { hasGoneOn, lostGitDir, salvage } from './lost.js'
import { strangeness } from './ownership.js'
import { pinDiscarded } from './pin-discarded.js'
import { throwPristine } from '../pool/pristine.js'
import { rebuild } from './rebuild.js'
import { salvageTrash } from './salvage-trash.js'
import { standingGitDir } from './standing.js'
import { thrownAway } from './thrown-away.js'

/**
 * Takes a worktree away: only if it is the one that was made, only once everything in it is held by a checkpoint
 * that the log speaks of, and by one rename, so that it is either all there or gone. Where it lies then nobody finds it
 * any more; a second look there finds what was written between the first and the rename. Interrupted, it goes on.
 */
export async function remove(site: Site, known: TaskState, context: EffectContext): Promise<RemoveOutcome> {
  // What a task comes back with is its newest checkpoint, and that takes a worktree.
  if (known.status !== 'merged' && (await hasGoneOn(site, known))) await rebuild(site, known, context)
  const task = await asItStands(site, known)
  if (task.gitDir !== null && (await isThere(task.path))) {
    const strange = await strangeness(site.repository, task.path, task.gitDir, task.id)
    if (strange !== null) return deferred('worktree-broken', `${task.path} is not as it was made: ${strange}`)
    await pinDiscarded(site.repository, task, task.gitDir, context.at)
    const outcome = await pinnedFirst(site, task, task.gitDir, context)
    if (outcome !== null) return outcome
    await moveToTrash(task)
  }
  const thrown = await thrownAway(site.repository, task)
  if (thrown === null) {
    await salvageLost(site, task, context.at)
  } else {
    const late = await pinnedFirst(site, { ...task, path: thrown.path }, thrown.gitDir, context, 'trash')
    if (late?.kind === 'pinned') await pinDiscarded(site.repository, task, thrown.gitDir, context.at)
    if (late?.kind === 'deferred') await takeBack(task, thrown.path)
    if (late !== null) return late
    const pinned = await markPinned(thrown.path)
    if (context.force !== true) await throwPristine(site, thrown.gitDir, pinned)
  }
  const left = await salvageTrash(site, task, context.at)
  if (left.length > 0) return uncaptured(left)
  await discard(site, task)
  site.looks?.forget(task.id)
  const kept = task.status === 'parked' ? null : await dropBranch(site.repository, task)
  return kept === null ? { kind: 'removed' } : deferred('branch-in-use', kept)
}

/**
 * A worktree that was made anew for the sake of its removal has another git directory than the log speaks of, maybe; and of one
 * whose maker died at once the log knows nothing yet.
 */
async function asItStands(site: Site, task: TaskState): Promise<TaskState> {
  const standing = await standingGitDir(site, task)
  return standing === null ? task : { ...task, gitDir: standing }
}

/** Pins what a worktree holds, or says what forbids to take it away; null when all is pinned and nothing forbids it. */
async function pinnedFirst(
  site: Site,
  task: TaskState,
  gitDir: string,
  { at, signal, force = false, round }: EffectContext,
  where: 'place' | 'trash' = 'place',
): Promise<RemoveOutcome | null> {
  const content =
    where === 'trash' ? await captureLast(site, task, signal) : await look(site, task, { signal, round })
  // Names are longer here, maybe too long to look at what they name: a checkpoint would miss what the last one has.
  if (where === 'trash' && content.uncaptured.length > 0) return uncaptured(content.uncaptured)
  if (!isPinned(task, content) || !(await isHeld(site, task))) {
    const request = { task, message: `before ${task.id} is ${task.status}`, at }
    const checkpoint = await pin(site.repository.place, content, request)
    if (where === 'place') site.looks?.keep(task.id, content, round)
    return { kind: 'pinned', checkpoint }
  }
  // The capture has just looked at everything; what is asked from here on has to be quick.
  if (content.uncaptured.length > 0) return uncaptured(content.uncaptured)
  const [mounted] = await mountsBelow(await realpath(task.path))
  if (mounted !== undefined)
    return deferred('worktree-in-use', `something is mounted at ${mounted}; unmount it`)
  return force ? null : useOf(task, gitDir)
}

/**
 * What was looked at to be merged, or has just been pinned, need not be looked at before it goes to the trash; whatever has come
 * since, the look there finds.
 */
async function look(
  site: Site,
  task: TaskState,
  { signal, round }: Pick<EffectContext, 'signal' | 'round'>,
): Promise<Capture> {
  const kept = site.looks?.findOf(task.id, round) ?? null
  return kept?.gitDir === task.gitDir ? kept : captureContent(site, task, signal)
}

/** Whether the ref of the newest checkpoint is still there: somebody may have deleted it, and then nothing holds what it held. */
async function isHeld({ repository }: Site, { checkpoint }: TaskState): Promise<boolean> {
  return checkpoint === null || (await resolveOne(repository.place, checkpoint.ref)) === checkpoint.commit
}

/** A worktree that vanished has left what its entry holds; so has one that was taken away just before a crash. */
async function salvageLost(site: Site, task: TaskState, at: string): Promise<void> {
  const gitDir = task.gitDir === null ? null : await lostGitDir(site, task)
  if (gitDir !== null) await salvage(site, task, gitDir, at)
}

/** Somebody's wish to keep a worktree, or need of it. */
async function useOf({ path }: TaskState, gitDir: string): Promise<RemoveOutcome | null> {
  const lock = await readText(join(gitDir, 'locked'))
  if (lock !== null)
    return deferred('worktree-locked', `${path} is locked: ${lock.trim() || 'no reason given'}`)
  const inside = await processesInside(path)
  if (inside.length === 0) return null
  const named = inside.slice(0, NAMED).map(({ pid, name }) => `${name} (${pid})`)
  return deferred('worktree-in-use', `${path} is the directory of ${named.join(', ')}; end it or leave`)
}

function uncaptured(left: readonly string[]): RemoveOutcome {
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : ''
  const names = `${left.slice(0, NAMED).join(', ')}${more}`
  return deferred('uncaptured', `no checkpoint can hold ${names}; move them away or delete them`)
}

/** How many paths a message names. */
const NAMED = 10

function deferred(code: string, message: string): RemoveOutcome {
  return { kind: 'deferred', failure: { code, message } }
}
