import type { EffectContext, RebuildOutcome, TaskState } from '@coppice/core'
import { isEmpty } from './content-in-place.js'
import { takeBack, thrownAway } from './discard.js'
import { attachHead, startOf } from './head.js'
import { lostGitDir, lostGitDirs, lostHead, salvage } from './lost.js'
import { standingGitDir } from './ownership.js'
import { fill, plant, transplant } from './plant.js'
import { makingPath, underRepositoryLock, type SimulatedSite } from './site.js'
import { whereabouts, type Whereabouts } from './whereabouts.js'

/**
 * Makes a lost worktree anew from what is newest: the commit that its HEAD named, and the last checkpoint's files and
 * index where they were taken at that commit. What was staged since is pinned, for git still holds it.
 */
export async function rebuild(
  site: SimulatedSite,
  task: TaskState,
  { at, signal }: EffectContext,
): Promise<RebuildOutcome> {
  const { repository } = site
  const { objects } = repository
  const found = await foundAgain(site, task, signal)
  if (found !== null) return found
  if (isEmpty(repository, task.path)) {
    await site.steps.step('take the empty directory away')
    if (isEmpty(repository, task.path)) repository.directories.delete(task.path)
  }
  if (repository.directories.has(task.path)) return deferred(task)
  const lost = lostGitDir(site, task)
  const was = await lostHead(site, task, lost)
  if (lost !== null) await salvage(site, task, lost, at)
  const checkpoint = task.checkpoint?.head === was.head ? task.checkpoint : null
  const staging = makingPath(task)
  const start = { head: startOf(task, was), instead: lost }
  const gitDir = await plant(site, task.id, staging, start, signal)
  const head = repository.entries.get(gitDir)?.head
  if (checkpoint !== null) {
    await fill(site, gitDir, staging, objects.files(checkpoint.tree), objects.files(checkpoint.index))
  } else if (head !== undefined) {
    await fill(site, gitDir, staging, repository.filesAt(repository.commitOf(head)))
  }
  await attachHead(site, task, gitDir, was, lost)
  await transplant(site, gitDir, staging, task, () => dropLost(site, task, gitDir, signal))
  return rebuilt({ gitDir, path: task.path }, task, was.head, checkpoint?.number ?? null)
}

/** Takes git's entry of the lost worktree away once the new one names the same place: only that knows where HEAD was. */
function dropLost(
  site: SimulatedSite,
  task: TaskState,
  gitDir: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  return underRepositoryLock(site, signal, async () => {
    for (const lost of lostGitDirs(site, task)) {
      if (lost === gitDir) continue
      await site.steps.step('drop git’s entry of the lost worktree')
      site.repository.entries.delete(lost)
    }
  })
}

/** The worktree as it stands, in its place, where it was moved to, or in the trash; null where there is none. */
async function foundAgain(
  site: SimulatedSite,
  task: TaskState,
  signal: AbortSignal | undefined,
): Promise<RebuildOutcome | null> {
  const { repository } = site
  const thrown = thrownAway(site, task)
  if (thrown !== null) await takeBack(site, task, thrown.path)
  const standing = standingGitDir(repository, task)
  const found = standing === null ? await rejoin(site, task, signal) : { gitDir: standing, path: task.path }
  if (found === null) return null
  const entry = repository.entries.get(found.gitDir)
  return rebuilt(found, task, entry === undefined ? null : repository.commitOf(entry.head), null)
}

/** Has git's entry name the place where the worktree is found. */
function rejoin(
  site: SimulatedSite,
  task: TaskState,
  signal: AbortSignal | undefined,
): Promise<Whereabouts | null> {
  return underRepositoryLock(site, signal, async () => {
    const found = whereabouts(site, task)
    if (found === null || site.repository.entries.get(found.gitDir)?.path === found.path) return found
    await site.steps.step('point git’s entry to where the worktree is')
    site.repository.change(found.gitDir, { path: found.path })
    return found
  })
}

function rebuilt(
  { gitDir, path }: Whereabouts,
  task: TaskState,
  head: string | null,
  checkpoint: number | null,
): RebuildOutcome {
  const data = { gitDir, head: head ?? task.base.commit, checkpoint, ...(path === task.path ? {} : { path }) }
  return { kind: 'rebuilt', data }
}

function deferred({ path }: TaskState): RebuildOutcome {
  const message = `${path} is not the worktree that was made for the task; move it away, and the task's is rebuilt`
  return { kind: 'deferred', failure: { code: 'worktree-broken', message } }
}
