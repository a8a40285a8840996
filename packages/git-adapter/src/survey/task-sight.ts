import {
  isFinished,
  type EntrySight,
  type PlaceContent,
  type PlaceSight,
  type TaskSight,
  type TaskState,
} from '@coppice/core'
import { basename, join } from 'node:path'
import { isThere } from '../files/look.js'
import { resolve } from '../git/objects.js'
import { branchRef } from '../git/refs.js'
import type { Site } from '../site.js'
import { contentInPlace } from '../worktree/content-in-place.js'
import { relationOf } from './refs.js'
import { placeAt } from './standing.js'
import { whereabouts } from './whereabouts.js'

/** What the whole survey has read already. */
export interface Known {
  readonly entries: readonly EntrySight[]
  readonly refs: Readonly<Record<string, string>>
  /** The tasks whose landed commit is where it belongs. */
  readonly landed: ReadonlySet<string>
}

/** All that concerns one task. Costs no git process where all is as expected. */
export async function taskSight(
  site: Site,
  task: TaskState,
  { entries, refs, landed }: Known,
): Promise<TaskSight> {
  const { repository } = site
  const place = await placeAt(task.path)
  const entry = entryOf(site, task, entries)
  const isInPlace = entry !== null && entry.gitDir === task.gitDir && place.names === task.gitDir
  const found = task.worktree === 'absent' || isInPlace ? null : await whereabouts(site, task)
  const hasMoved = found !== null && (found.path !== task.path || found.gitDir !== task.gitDir)
  const tip = refs[branchRef(task.branch)] ?? null
  const known = await lastKnown(site, task, entry)
  return {
    place,
    entry,
    content: await contentOf(site, task, place, entry),
    movedTo: hasMoved ? found.path : null,
    recorded: task.gitDir !== null && (await isThere(task.gitDir)),
    tip,
    headToTip: entry === null ? null : await relationOf(repository.place, entry.commit, tip),
    known,
    tipToKnown: isWatched(task, entry) ? await relationOf(repository.place, tip, known) : null,
    target: task.into === null ? null : (refs[branchRef(task.into)] ?? null),
    landed: task.landing === null ? null : landed.has(task.id),
  }
}

/** Asked only where a `.git` was changed, for it takes a process. */
async function contentOf(
  { repository }: Site,
  { path, worktree }: TaskState,
  { standing, names }: PlaceSight,
  entry: EntrySight | null,
): Promise<PlaceContent | null> {
  if (worktree !== 'present' || standing !== 'directory' || entry === null || names === entry.gitDir)
    return null
  return contentInPlace(repository, path, entry.gitDir)
}

/** The entry that the log speaks of, or the marked one that has its place in a repository that was moved. */
function entryOf(
  { repository }: Site,
  { id, gitDir }: TaskState,
  entries: readonly EntrySight[],
): EntrySight | null {
  if (gitDir === null) return null
  const here = join(repository.commonDir, 'worktrees', basename(gitDir))
  return entries.find((entry) => entry.gitDir === here && entry.marked && entry.task === id) ?? null
}

/** The last commit of the branch that is known and exists; nobody asks for that of a task that is done. */
async function lastKnown(
  { repository }: Site,
  { branch, checkpoint, base, status }: TaskState,
  entry: EntrySight | null,
): Promise<string | null> {
  if (isFinished(status)) return null
  if (entry?.branch === branch && entry.lastCommit !== null) return entry.lastCommit
  const recorded = checkpoint?.tip ?? checkpoint?.head ?? base.commit
  const [commit = null] = await resolve(repository.place, [`${recorded}^{commit}`])
  return commit
}

/** Whether every move of the branch is known: HEAD is on it and logs it, or nobody is to move it. */
function isWatched({ branch, status, worktree }: TaskState, entry: EntrySight | null): boolean {
  if (status === 'parked' && worktree === 'absent') return true
  return entry !== null && entry.branch === branch && entry.lastCommit !== null && entry.operation === null
}
