import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EffectContext, TaskState } from '@coppice/core'
import { isForeseen } from '../errors/foreseen.js'
import { syncDirectory } from '../files/sync-directory.js'
import { branchRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { ENGINE } from '../repository/identity.js'
import { freeEntry } from '../repository/admin-entries.js'
import { underRepositoryLock, type Site } from '../site.js'
import { tidyUp } from '../worktree/layout.js'
import { mark } from '../worktree/ownership.js'
import { uproot } from '../worktree/plant.js'
import { sparesOf, withdraw, type Spare } from './spare.js'

/** A spare that has become a task's worktree, and only has to be moved to its place. */
export interface Claim {
  readonly gitDir: string
  /** Whether it was at another commit, so that some of its files have just been written. */
  readonly isUpdated: boolean
}

/**
 * Makes of a spare the worktree of a new task, where it would be made anew: on the task's branch, at its base, with only
 * the files written that differ. The pool is a cache: null where no spare will do, and where anything is refused, for whoever
 * makes the worktree then throws away what was begun, and meets again what was no fault of the spare's.
 *
 * @param settings what git would make of files now; see `checkoutSettings`
 */
export async function claim(
  site: Site,
  task: TaskState,
  staging: string,
  settings: string,
  { at, signal }: EffectContext,
): Promise<Claim | null> {
  try {
    const taken = await underRepositoryLock(site, signal, async () => {
      const spare = await choose(site, task, settings)
      return spare === null ? null : { gitDir: await take(site, task, staging, spare, at), was: spare.commit }
    })
    if (taken === null) return null
    const isUpdated = taken.was !== task.base.commit
    if (isUpdated) await update(taken.gitDir, staging, task.base.commit, signal)
    return { gitDir: taken.gitDir, isUpdated }
  } catch (error) {
    signal?.throwIfAborted()
    if (!isForeseen(error)) throw error
    return null
  }
}

/** One at the task's base, else the newest at another commit. */
async function choose(site: Site, { base }: TaskState, settings: string): Promise<Spare | null> {
  const fitting = (await sparesOf(site)).filter((spare) => spare.settings === settings)
  const same = fitting.find(({ commit }) => commit === base.commit)
  const newest = fitting.at(-1)
  if (same !== undefined || newest === undefined) return same ?? null
  return (await haveSameAttributes(site, newest.commit, base.commit)) ? newest : null
}

/** Where attributes differ, git could write another file for the same object, and would not look at it. */
async function haveSameAttributes({ repository }: Site, one: string, other: string): Promise<boolean> {
  const args = ['diff-tree', '-r', '--quiet', one, other, '--', ':(glob)**/.gitattributes']
  return (await git(repository.place, { args, answers: [1, 128] })).exitCode === 0
}

/**
 * Killed at any step, it leaves what a creation leaves that was killed, or what `sweepSpares` takes for debris: the pointer of
 * the files names the entry before that is there, and the entry is there with one rename.
 */
async function take(site: Site, task: TaskState, staging: string, spare: Spare, at: string): Promise<string> {
  const { id, branch, base } = task
  await uproot(site, id, staging)
  await withdraw(spare.gitDir)
  await mkdir(join(spare.gitDir, 'logs'), { recursive: true })
  // An empty directory may be renamed over, and keeps the one above it from being tidied up meanwhile.
  await mkdir(staging, { recursive: true })
  await rename(spare.path, staging)
  const gitDir = await freeEntry(site.repository, staging)
  await Promise.all([
    rm(join(spare.gitDir, 'ORIG_HEAD'), { force: true }),
    writeFile(join(spare.gitDir, 'logs', 'HEAD'), begun(base.commit, id, at), FLUSHED),
    writeFile(join(spare.gitDir, 'HEAD'), `ref: ${branchRef(branch)}\n`, FLUSHED),
    writeFile(join(spare.gitDir, 'commondir'), '../..\n', FLUSHED),
    writeFile(join(spare.gitDir, 'gitdir'), `${join(staging, '.git')}\n`, FLUSHED),
    writeFile(join(staging, '.git'), `gitdir: ${gitDir}\n`, FLUSHED),
    mark(spare.gitDir, id, branch),
  ])
  await syncDirectory(spare.gitDir)
  await rename(spare.gitDir, gitDir)
  await tidyUp(dirname(spare.path))
  return gitDir
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
