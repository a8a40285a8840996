import { rmdir } from 'node:fs/promises'
import { isThere, unless } from './look.js'

/** Removes a directory if nothing is in it. Answers whether there is nothing at the path then. */
export async function removeEmpty(path: string): Promise<boolean> {
  await unless(STAYS, rmdir(path), undefined)
  return !(await isThere(path))
}

/** It is not there, or no directory, something is in it or mounted there, or only another user may remove it. */
const STAYS = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENOTEMPTY',
  'EEXIST',
  'EBUSY',
  'EACCES',
  'EPERM',
  'EROFS',
  'EINVAL',
])
