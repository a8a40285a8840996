import type { TaskState } from '@coppice/core'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { namesIn } from '../files/look.js'

// These lie beside the worktrees, on their file system, so that moving there and back is one rename. Task ids begin
// with a letter or a digit, so nothing of a task's or a person's is ever below them.
const MAKING = '.making'
const VERIFYING = '.verifying'
const TRASH = '.trash'

/** Parts a task's id from a number in the names of what is being thrown away; no id holds it. */
const SEPARATOR = '~'

/** Where a task's worktree is made before it is moved to its place. */
export function makingPath(task: TaskState): string {
  return join(dirname(task.path), MAKING, task.id)
}

/** Where a task's merge is checked out to be verified. */
export function verifyingPath(task: TaskState): string {
  return join(dirname(task.path), VERIFYING, task.id)
}

/** A new name in the trash. */
export async function trashPath(task: TaskState): Promise<string> {
  const trash = join(dirname(task.path), TRASH)
  await mkdir(trash, { recursive: true })
  return join(trash, `${task.id}${SEPARATOR}${process.pid}.${Date.now()}`)
}

/**
 * Deletes what was moved to the trash for a task, now or before a crash. Symbolic links are unlinked and never
 * followed.
 */
export async function emptyTrash(task: TaskState): Promise<void> {
  const trash = join(dirname(task.path), TRASH)
  for (const name of await namesIn(trash)) {
    if (!name.startsWith(`${task.id}${SEPARATOR}`)) continue
    await rm(join(trash, name), { recursive: true, force: true, maxRetries: 3 })
  }
  await tidyUp(trash)
}

/** Removes a directory of ours, and the one above it, as long as they are empty. */
export async function tidyUp(directory: string): Promise<void> {
  for (const each of [directory, dirname(directory)]) {
    try {
      await rmdir(each)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') continue
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return
      throw error
    }
  }
}
