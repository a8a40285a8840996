import type { EffectContext, RebuildOutcome, TaskState } from '@coppice/core'
import { removeEmpty } from '../files/remove-empty.js'
import { resolveOne } from '../git/objects.js'
import { dropEntry } from '../repository/admin-entries.js'
import { furnish } from '../setup/furnish.js'
import { underRepositoryLock, type Site } from '../site.js'
import { attachHead, startOf } from './head.js'
import { makingPath, takeBack } from './layout.js'
import { lostGitDir, lostGitDirs, lostHead, salvage } from './lost.js'
import { fill, plant, transplant } from './plant.js'
import { rejoin } from './rejoin.js'
import { restoreContent } from './restore-content.js'
import { standingGitDir } from './standing.js'
import { thrownAway } from './thrown-away.js'

/**
 * Makes a lost worktree anew from what is newest: the commit that its HEAD named, and the last checkpoint's files
 * and index where they were taken at that commit. What was staged since is pinned, for git still holds it.
 */
export async function rebuild(site: Site, task: TaskState, context: EffectContext): Promise<RebuildOutcome> {
  const found = await foundAgain(site, task, context.signal)
  if (found !== null) return found
  if (!(await removeEmpty(task.path))) return deferred(task)
  const lost = await lostGitDir(site, task)
  const was = await lostHead(site, task, lost)
  if (lost !== null) await salvage(site, task, lost, context.at)
  const checkpoint = task.checkpoint?.head === was.head ? task.checkpoint : null
  const staging = makingPath(task)
  const start = { ...startOf(task, was), instead: lost }
  const gitDir = await plant(site, task.id, staging, start, context.signal)
  if (checkpoint === null) await fill(gitDir, staging, context.signal)
  else await restoreContent(site, { task, gitDir, workTree: staging }, checkpoint, context.signal)
  if (checkpoint?.carried == null) await furnish(site, { gitDir, workTree: staging }, context.signal)
  await attachHead(site, task, gitDir, was, lost)
  const beforeMove = (): Promise<void> => dropLost(site, task, gitDir, context.signal)
  await transplant(gitDir, staging, task.path, { beforeMove })
  return rebuilt(gitDir, was.head ?? task.base.commit, checkpoint?.number ?? null)
}

/**
 * Takes git's entry of the lost worktree away once the new one names the same place. Only that entry knows where HEAD was, so
 * until then it stays; whoever goes on after a crash finds it in the one or in the other.
 */
function dropLost(site: Site, task: TaskState, gitDir: string, signal?: AbortSignal): Promise<void> {
  return underRepositoryLock(site, signal, async () => {
    for (const lost of await lostGitDirs(site, task)) {
      if (lost !== gitDir) await dropEntry(site.repository, lost)
    }
  })
}

/** The worktree as it stands, in its place, where it was moved to, or in the trash; null where there is none. */
async function foundAgain(site: Site, task: TaskState, signal?: AbortSignal): Promise<RebuildOutcome | null> {
  // A removal was interrupted, and the task is wanted again.
  const thrown = await thrownAway(site.repository, task)
  if (thrown !== null) await takeBack(task, thrown.path)
  const standing = await standingGitDir(site, task)
  const found = standing === null ? await rejoin(site, task, signal) : { gitDir: standing, path: task.path }
  if (found === null) return null
  const { gitDir, path } = found
  const head = (await resolveOne({ gitDir }, 'HEAD')) ?? task.base.commit
  const data = { gitDir, head, checkpoint: null, ...(path === task.path ? {} : { path }) }
  return { kind: 'rebuilt', data }
}

function rebuilt(gitDir: string, head: string, checkpoint: number | null): RebuildOutcome {
  return { kind: 'rebuilt', data: { gitDir, head, checkpoint } }
}

function deferred({ path }: TaskState): RebuildOutcome {
  const message = `${path} is not the worktree that was made for the task; move it away, and the task's is rebuilt`
  return { kind: 'deferred', failure: { code: 'worktree-broken', message } }
}
