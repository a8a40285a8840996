import { link, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EffectContext, TaskState } from '@coppice/core'
import { isForeseen } from '../errors/foreseen.js'
import { PathOccupiedError } from '../errors/worktree-errors.js'
import { isThere, readLine } from '../files/look.js'
import { makeDirectory } from '../files/make-directory.js'
import { removeTree } from '../files/remove-tree.js'
import { syncDirectory } from '../files/sync-directory.js'
import { resolveOne } from '../git/objects.js'
import { branchRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { freeEntry } from '../repository/admin-entries.js'
import { ENGINE } from '../repository/identity.js'
import { ignoredDirectories } from '../setup/kept.js'
import { setupKey } from '../setup/setup-key.js'
import { underRepositoryLock, type Site } from '../site.js'
import { tidyUp } from '../worktree/layout.js'
import { mark } from '../worktree/ownership.js'
import { uproot } from '../worktree/plant.js'
import { checkoutSettings } from './checkout-settings.js'
import { mayComeBack, PATIENCE_MS } from './come-back.js'
import { handOver } from './pristine.js'
import { haveSameAttributes } from './same-attributes.js'
import { sparesOf, withdraw, type Spare } from './spare.js'

/** A spare that has become a task's worktree, and only has to be moved to its place. */
export interface Claim {
  readonly gitDir: string
  /** The commit that it is at. */
  readonly head: string
  /** Whether it was at another commit, so that some of its files have just been written. */
  readonly isUpdated: boolean
  /** The key of the set-up that made the directories which it has kept; null where there is none. See `setupKey`. */
  readonly setup: string | null
}

/** What spares are looked for. */
export interface Wanted {
  /** See `checkoutSettings`; one that was filled with others will not do. */
  readonly settings: string
  /** See `setupKey`; one of the same is taken first. */
  readonly setup: string | null
  /** Until when to wait for one that comes back, by `performance.now()`. */
  readonly untilMs: number
}

/** What spares have to fit that a task may take; null where there are none to choose from. It can be asked before there is a branch. */
export async function claimable(
  site: Site,
  { base }: TaskState,
  signal?: AbortSignal,
): Promise<Wanted | null> {
  return orNull(async () => {
    const untilMs = performance.now() + PATIENCE_MS
    while ((await sparesOf(site)).length === 0) if (!(await mayComeBack(site, untilMs, signal))) return null
    const [settings, setup] = await Promise.all([checkoutSettings(site), setupKey(site, base.commit)])
    return settings === null ? null : { settings, setup, untilMs }
  }, signal)
}

/**
 * Makes of a spare the worktree of a new task, where it would be made anew: on the task's branch, at its base, with only
 * the files written that differ. The pool is a cache: null where no spare will do, and where anything is refused, for whoever
 * makes the worktree then throws away what was begun, and meets again what was no fault of the spare's.
 *
 * @param wanted from `claimable`
 */
export function claim(
  site: Site,
  task: TaskState,
  staging: string,
  wanted: Wanted,
  { at, signal }: EffectContext,
): Promise<Claim | null> {
  return orNull(async () => {
    const taken = await takeOne(site, task, wanted, { staging, at, signal })
    if (taken === null) return null
    const { gitDir, spare } = taken
    const isUpdated = spare.commit !== task.base.commit
    if (isUpdated) await update(gitDir, staging, task.base.commit, signal)
    // What is ignored depends on the commit, and on the user.
    const ignored = await ignoredDirectories({ gitDir, workTree: staging }, spare.kept)
    if (ignored.length !== spare.kept.length || !(await isAtBase(site, task))) return null
    return { gitDir, head: task.base.commit, isUpdated, setup: spare.setup }
  }, signal)
}

/** Whether nobody has moved the branch on since it was made: the files would undo what came. */
async function isAtBase({ repository }: Site, { branch, base }: TaskState): Promise<boolean> {
  const ref = branchRef(branch)
  // A process of git's is only asked where the branch is no file, or not as it was made.
  if ((await readLine(join(repository.commonDir, ref))) === base.commit) return true
  return (await resolveOne(repository.place, ref)) === base.commit
}

async function orNull<T>(asked: () => Promise<T | null>, signal?: AbortSignal): Promise<T | null> {
  try {
    return await asked()
  } catch (error) {
    signal?.throwIfAborted()
    if (!isForeseen(error)) throw error
    return null
  }
}

interface Place extends Pick<EffectContext, 'at' | 'signal'> {
  readonly staging: string
}

async function takeOne(site: Site, task: TaskState, wanted: Wanted, { staging, at, signal }: Place) {
  for (;;) {
    const { isEmpty, taken } = await underRepositoryLock(site, signal, async () => {
      const spares = await sparesOf(site)
      const spare = await choose(site, spares, task, wanted)
      if (spare === null) return { isEmpty: spares.length === 0, taken: null }
      return { isEmpty: false, taken: { spare, gitDir: await take(site, task, { spare, staging, at }) } }
    })
    if (!isEmpty || !(await mayComeBack(site, wanted.untilMs, signal))) return taken
  }
}

/** One that need not be set up, else one at the task's base, else the newest at another commit. */
async function choose(
  site: Site,
  spares: readonly Spare[],
  { base }: TaskState,
  wanted: Wanted,
): Promise<Spare | null> {
  const fitting = spares.filter(({ settings }) => settings === wanted.settings)
  const spare =
    fitting.find(({ setup }) => setup !== null && setup === wanted.setup) ??
    fitting.find(({ commit }) => commit === base.commit) ??
    fitting.at(-1)
  if (spare === undefined) return null
  return (await haveSameAttributes(site, spare.commit, base.commit)) ? spare : null
}

/**
 * At every step the files name a git directory that is there, so that another repository which makes worktrees in the same place
 * leaves them alone. Killed, it leaves what a creation leaves that was killed, and what `sweepSpares` takes for debris.
 */
async function take(site: Site, task: TaskState, { spare, staging, at }: Taking): Promise<string> {
  await uproot(site, task.id, staging)
  if (await isThere(staging)) throw new PathOccupiedError(staging)
  await withdraw(spare)
  const draft = `${spare.gitDir}+claim`
  await makeEntry(draft, task, { spare, staging, at })
  // An empty directory may be renamed over, and keeps the one above it from being tidied up meanwhile.
  await makeDirectory(staging)
  await rename(spare.path, staging)
  const gitDir = await freeEntry(site.repository, staging)
  await handOver(site, spare, gitDir)
  await rename(draft, gitDir)
  const pointer = join(staging, '.git')
  await writeFile(`${pointer}.new`, `gitdir: ${gitDir}\n`, FLUSHED)
  await rename(`${pointer}.new`, pointer)
  await removeTree(spare.gitDir)
  await tidyUp(dirname(spare.path))
  return gitDir
}

interface Taking {
  readonly spare: Spare
  readonly staging: string
  readonly at: string
}

/** What git keeps of a worktree on a task's branch, with the index that knows the spare's files. */
async function makeEntry(draft: string, { id, branch, base }: TaskState, taking: Taking): Promise<void> {
  const { spare, staging, at } = taking
  await mkdir(join(draft, 'logs'), { recursive: true })
  const indexes = (await readdir(spare.gitDir)).filter((name) => /^(?:shared)?index(?:\.|$)/.test(name))
  await Promise.all([
    ...indexes.map((name) => link(join(spare.gitDir, name), join(draft, name))),
    writeFile(join(draft, 'HEAD'), `ref: ${branchRef(branch)}\n`, FLUSHED),
    writeFile(join(draft, 'commondir'), '../..\n', FLUSHED),
    writeFile(join(draft, 'gitdir'), `${join(staging, '.git')}\n`, FLUSHED),
    writeFile(join(draft, 'logs', 'HEAD'), begun(base.commit, id, at), FLUSHED),
    mark(draft, id, branch),
  ])
  await syncDirectory(draft)
}

const FLUSHED = { flush: true }

/** The first line of a log of HEAD, without which git would begin none where it is told to keep none of new ones. */
function begun(commit: string, task: string, at: string): string {
  const seconds = Math.floor(Date.parse(at) / 1_000)
  const by = `${ENGINE.name} <${ENGINE.email}> ${seconds} +0000`
  return `${'0'.repeat(commit.length)} ${commit} ${by}\tcoppice: task ${task}\n`
}

/** @throws {GitError} where a file is not as it was checked out */
async function update(gitDir: string, workTree: string, to: string, signal?: AbortSignal): Promise<void> {
  await git({ gitDir, workTree }, { args: ['read-tree', '-m', '-u', to] }, signal)
}
