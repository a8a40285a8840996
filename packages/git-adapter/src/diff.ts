import type { Checkpoint, TaskState } from '@coppice/core'
import { capture } from './capture/capture.js'
import { committable } from './capture/committable.js'
import { isThere } from './files/look.js'
import { git } from './git/run.js'
import { branchRef } from './git/refs.js'
import { privateGit } from './repository/private-git.js'
import { withScratch } from './scratch.js'
import type { Site } from './site.js'

export interface DiffOptions {
  readonly color: boolean
  /** Only which files changed and by how much. */
  readonly stat: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * What a task changed, uncommitted and untracked files included: against the newest commit that it shares with its
 * target branch, or its base. From the worktree if it is there, else from the newest checkpoint. Nothing is written
 * into the repository.
 */
export function diff(site: Site, task: TaskState, options: DiffOptions): Promise<Buffer> {
  return withScratch(site, (scratch) => differenceOf(scratch, task, options))
}

async function differenceOf(site: Site, task: TaskState, options: DiffOptions): Promise<Buffer> {
  const content = await contentOf(site, task, options.signal)
  const tree = content === null ? task.base.commit : (await committable(site, content, options.signal)).tree
  const place = await privateGit(site, 'plain')
  const from = await startOf(site, task, content?.head ?? task.base.commit)
  const looks = [options.color ? '--color=always' : '--color=never', ...(options.stat ? ['--stat'] : [])]
  const args = ['diff', '--no-ext-diff', '--no-textconv', ...looks, from, tree]
  return (await git(place, { args }, options.signal)).stdout
}

/** Null for a task that never had a worktree. */
async function contentOf(
  site: Site,
  task: TaskState,
  signal?: AbortSignal,
): Promise<Pick<Checkpoint, 'head' | 'tree' | 'index'> | null> {
  if (task.gitDir !== null && (await isThere(task.path))) return capture(site, task, signal)
  return task.checkpoint
}

async function startOf({ repository }: Site, task: TaskState, head: string): Promise<string> {
  if (task.into === null || task.landing !== null) return task.base.commit
  const args = ['merge-base', branchRef(task.into), head]
  const { exitCode, stdout } = await git(repository.place, { args, answers: [1, 128] })
  return exitCode === 0 ? stdout.toString('utf8').trim() : task.base.commit
}
