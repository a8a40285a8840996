import type { Checkpoint, CreateOutcome, EffectContext, TaskState } from '@coppice/core'
import { isCoppiceError } from '@coppice/core'
import { dirname, join } from 'node:path'
import { PathOccupiedError } from '../errors/worktree-errors.js'
import { isThere, unless } from '../files/look.js'
import { syncDirectory } from '../files/sync-directory.js'
import { resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import { syncFileSystems } from '../git/sync.js'
import { furnish } from '../setup/furnish.js'
import { setUp, type ToSetUp } from '../setup/set-up.js'
import type { Site } from '../site.js'
import { claim, claimable } from '../pool/claim.js'
import { keepWritten } from '../pool/keep-written.js'
import { ensureBranch } from './branch.js'
import { discard } from './discard.js'
import { attachHead, startOf } from './head.js'
import { makingPath, tidyUp } from './layout.js'
import { pinUnrecorded } from './pin-unrecorded.js'
import { fill, plant, transplant } from './plant.js'
import { restoreContent } from './restore-content.js'
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
    const {
      gitDir,
      head: begun,
      ...toSetUp
    } = stood === null ? await make(site, task, context) : { ...UNKNOWN, gitDir: stood }
    const isSetUp = await setUp(site, task, { gitDir, ...toSetUp }, context.signal)
    if (begun !== null && !isSetUp) {
      await syncNames(site, task, gitDir)
      return { kind: 'created', data: { gitDir, head: begun } }
    }
    const head = await resolveOne({ gitDir }, 'HEAD')
    await syncFileSystems(site.repository.commonDir, task.path)
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

interface Made extends ToSetUp {
  /** The commit that a new one begins at, of which all is on the disk but its name; null for one that was there before. */
  readonly head: string | null
}

/** Of a worktree that an earlier attempt has made. */
const UNKNOWN = { head: null, key: null, done: null }

async function make(site: Site, task: TaskState, context: EffectContext): Promise<Made> {
  const [checkpoint, wanted] = await Promise.all([
    ensureBranch(site.repository, task),
    claimable(site, task, context.signal),
  ])
  const staging = makingPath(task)
  const isNew = checkpoint === null && wanted !== null
  const claimed = isNew ? await claim(site, task, staging, wanted, context) : null
  const gitDir = claimed?.gitDir ?? (await made(site, task, checkpoint, context.signal))
  // What a checkpoint carries along comes back as it was.
  const isCarried = checkpoint?.carried != null
  const isFurnished = !isCarried && (await furnish(site, { gitDir, workTree: staging }, context.signal))
  const isSynced = claimed?.isUpdated === false && !isFurnished
  const [head] = await Promise.all([
    checkpoint === null ? (claimed?.head ?? resolveOne({ gitDir }, 'HEAD')) : null,
    transplant(gitDir, staging, task.path, { isSynced }),
  ])
  return { gitDir, head, key: wanted?.setup ?? null, done: claimed?.setup ?? null }
}

/** Has the disk hold the names of the branch and of the worktree: what they name was there before. */
async function syncNames({ repository }: Site, { branch, path }: TaskState, gitDir: string): Promise<void> {
  const { commonDir } = repository
  const synced = syncDirectory(dirname(join(commonDir, branchRef(branch)))).then(() => true)
  // Somebody may just have packed the ref, or refs are no files here.
  if (!(await unless(GONE, synced, false))) await syncFileSystems(commonDir)
  await syncDirectory(dirname(gitDir))
  await syncDirectory(dirname(path))
}

const GONE = new Set(['ENOENT', 'ENOTDIR'])

/** Makes the worktree in its staging directory, and answers with its git directory. */
async function made(
  site: Site,
  task: TaskState,
  checkpoint: Checkpoint | null,
  signal?: AbortSignal,
): Promise<string> {
  const staging = makingPath(task)
  const gitDir = await plant(site, task.id, staging, startOf(task, checkpoint), signal)
  if (checkpoint === null) {
    const written = { gitDir, commit: task.base.commit }
    await keepWritten(site, written, () => fill(gitDir, staging, signal))
  } else {
    await restoreContent(site, { task, gitDir, workTree: staging }, checkpoint, signal)
    await attachHead(site, task, gitDir, checkpoint)
  }
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

/** Leaves nothing behind of an attempt that failed: nobody has worked in what it made, or that is pinned. */
async function undo(site: Site, task: TaskState): Promise<void> {
  await discard(site, { ...task, gitDir: null })
  if (task.checkpoint !== null) return
  await moveRef(site.repository.place, branchRef(task.branch), task.base.commit, null, 'coppice: undo')
}
