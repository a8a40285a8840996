import type { TaskState } from '@coppice/core'
import { randomUUID } from 'node:crypto'
import { rename, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isThere, namesIn } from '../files/look.js'
import { ATTEMPTS, makeDirectory } from '../files/make-directory.js'
import { removeTree } from '../files/remove-tree.js'
import type { Repository } from '../repository/repository.js'
import { isOfAnother } from './ownership.js'

// These lie beside the worktrees, on their file system, so that moving there and back is one rename. Task ids begin
// with a letter or a digit, so nothing of a task's or a person's is ever below them.
const MAKING = '.making'
const VERIFYING = '.verifying'
export const TRASH = '.trash'

/** Begins the name of what was thrown away of a ready worktree. It is no task's, and whoever opens the repository deletes it. */
export const OF_A_SPARE = '+spare~'

/** Parts a task's id from a number in the names of what is being thrown away; no id holds it. */
const SEPARATOR = '~'

/**
 * Where a task's worktree is made before it is moved to its place. Git names its entry after this directory; no task id
 * holds a plus sign, so that even an entry that git has just begun tells whose it is.
 */
export function makingPath({ id, path }: Pick<TaskState, 'id' | 'path'>): string {
  return join(dirname(path), MAKING, `${id}+coppice`)
}

/** Where a task's merge is checked out to be verified. */
export function verifyingPath(task: TaskState): string {
  return join(dirname(task.path), VERIFYING, `${task.id}+verify`)
}

/** What a name of ours beside the worktrees, or of git's entry of what stands there, says that it is, and whose. */
export function leftoverNamed(
  directory: string,
  name: string,
): { readonly kind: 'making' | 'verifying' | 'trash'; readonly task: string | null } | null {
  if (name.startsWith(OF_A_SPARE)) return null
  const kind = KINDS[directory]
  return kind === undefined ? null : { kind, task: taskNamed(name) }
}

/** The task whose id begins a name of ours; no id holds what parts it from the rest. */
export function taskNamed(name: string): string | null {
  return /^([a-z0-9][a-z0-9._-]*)(?:\+(?:coppice|verify)\d*|~.+)$/.exec(name)?.[1] ?? null
}

const KINDS: Readonly<Record<string, 'making' | 'verifying' | 'trash'>> = {
  [MAKING]: 'making',
  [VERIFYING]: 'verifying',
  [TRASH]: 'trash',
}

/** The directories of ours beside worktrees. */
export const BESIDE = Object.keys(KINDS)

/**
 * Takes a task's worktree away from its place, by one rename.
 *
 * @param mark `PINNED` where nothing in it matters
 */
export async function moveToTrash(task: TaskState, mark: '' | typeof PINNED = ''): Promise<void> {
  await moveDirectory(
    join(dirname(task.path), TRASH, `${task.id}${SEPARATOR}${randomUUID()}${mark}`),
    task.path,
  )
}

/** Moves a directory to a new name in one of ours, which others tidy up at any time at which it is empty. */
export async function moveDirectory(target: string, path: string, attempts = ATTEMPTS): Promise<void> {
  try {
    await makeDirectory(dirname(target))
    await rename(path, target)
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT' && (await isThere(path))
    if (!isGone || attempts === 1) throw error
    await moveDirectory(target, path, attempts - 1)
  }
}

/** Ends the name of what lies in the trash and was found to be pinned; only that is deleted without another look. */
export const PINNED = '.pinned'

/** Stands before that in the name of what is being deleted. */
const GOING = '+going'

/** The name in the trash under which something that is marked as pinned is deleted. */
export function goingName(path: string): string {
  return path.endsWith(`${GOING}${PINNED}`) ? path : `${path.slice(0, -PINNED.length)}${GOING}${PINNED}`
}

/** Says of something in the trash that all of it is pinned. */
export async function markPinned(path: string): Promise<string> {
  const marked = `${path}${PINNED}`
  await rename(path, marked)
  return marked
}

/** Something else that lies there is somebody's. */
const MARKED = /^(?:[a-z0-9][a-z0-9._-]*|\+spare)~.+\.pinned$/

export function isMarkedPinned(path: string): boolean {
  return MARKED.test(basename(path))
}

/** Brings it back from the trash. */
export async function takeBack(task: TaskState, from: string): Promise<void> {
  await rename(from, task.path)
  await tidyUp(dirname(from))
}

/** What was moved to the trash for a task, now or before a crash; of a task of another repository's nothing. */
export async function trashOf(repository: Repository, { id, path }: TaskState): Promise<readonly string[]> {
  const trash = join(dirname(path), TRASH)
  const own: string[] = []
  for (const name of (await namesIn(trash)).filter((each) => each.startsWith(`${id}${SEPARATOR}`))) {
    if (!(await isOfAnother(repository, join(trash, name)))) own.push(join(trash, name))
  }
  return own
}

/** What of it is said to be pinned. */
export async function pinnedTrashOf(repository: Repository, task: TaskState): Promise<readonly string[]> {
  return (await trashOf(repository, task)).filter(isMarkedPinned)
}

/**
 * Deletes a directory of ours in which nothing matters, unless it is another repository's. It is moved to the trash first and
 * looked at again, for that one may just be making it, and would go on in what is being deleted.
 */
export async function throwAway(repository: Repository, task: string, path: string): Promise<void> {
  if (!(await isThere(path)) || (await isOfAnother(repository, path))) return
  const thrown = join(dirname(dirname(path)), TRASH, `${task}${SEPARATOR}${randomUUID()}${PINNED}`)
  await moveDirectory(thrown, path)
  if (await isOfAnother(repository, thrown)) await rename(thrown, path)
  else await removeTree(thrown)
  await tidyUp(dirname(thrown))
}

/**
 * Removes a directory of ours, and the one above it, as long as they are empty. The one above may be a mount point, a link or
 * somewhere that only another user may change: then it stays.
 */
export async function tidyUp(directory: string): Promise<void> {
  for (const each of [directory, dirname(directory)]) {
    try {
      await rmdir(each)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') continue
      if (STAYS.has(code ?? '') || (each !== directory && FOREIGN.has(code ?? ''))) return
      throw error
    }
  }
}

/** Something is in it. */
const STAYS = new Set(['ENOTEMPTY', 'EEXIST'])

const FOREIGN = new Set(['EBUSY', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'])
