import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { IncludeListError } from '../errors/worktree-errors.js'
import { lookAt } from '../files/look.js'

/** Names ignored files that are to be carried along, in the form of a `.gitignore`. Other tools know it too. */
export const INCLUDE_LIST = '.worktreeinclude'

/** Bytes that the list may have. */
const MAX_INCLUDE_LIST = 65_536

/**
 * The list of a working tree, or null where there is none. An agent may put anything there: what is no file is no list, and no
 * symbolic link is followed.
 *
 * @throws {IncludeListError} when it is too long
 */
export async function readIncludeList(workTree: string): Promise<Buffer | null> {
  const path = join(workTree, INCLUDE_LIST)
  if ((await lookAt(path))?.isFile() !== true) return null
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const buffer = Buffer.alloc(MAX_INCLUDE_LIST + 1)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    if (bytesRead > MAX_INCLUDE_LIST) throw new IncludeListError(path, MAX_INCLUDE_LIST)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
