import { utimes } from 'node:fs/promises'
import { unless } from '../files/look.js'
import type { FilePlace } from '../git/place.js'
import { git } from '../git/run.js'

const MS_PER_SECOND = 1_000

/** The second before this one, since 1970: from before a look that begins now. */
export function secondBefore(): number {
  return Math.floor(Date.now() / MS_PER_SECOND) - 1
}

/**
 * Dates an index from before the look that it is of. Git looks into files that are not older than their index, so that one which changed
 * after it was read, in the same second and to the same size, is seen: git itself dates an index when it has written it.
 */
export async function date(indexFile: string, seconds: number): Promise<void> {
  await unless(GONE, utimes(indexFile, seconds, seconds), undefined)
}

/** Where there is no file, git writes no index. */
const GONE = new Set(['ENOENT'])

/** Has an index know the times of all files that are as it has them. */
export async function learnTimes(
  place: FilePlace & { readonly indexFile: string },
  signal?: AbortSignal,
): Promise<void> {
  const began = secondBefore()
  // Exit 1 says that some are not.
  await git(place, { args: ['update-index', '-q', '--refresh'], answers: [1] }, signal)
  await date(place.indexFile, began)
}
