import { join } from 'node:path'
import { namesIn } from '../files/look.js'
import type { Site } from '../site.js'
import { deleteThrown } from './delete-thrown.js'
import { isMarkedPinned, tidyUp, TRASH } from './layout.js'
import { isOfAnother } from './ownership.js'
import { TRASH_LOCK } from './rubbish.js'

/** Deletes what killed processes have left in the trash and was found to be pinned, unless somebody does so just now. */
export async function sweepTrash({ repository, locks, worktreesDir }: Site): Promise<void> {
  const trash = join(worktreesDir, TRASH)
  const isLeft = async (): Promise<readonly string[]> =>
    (await namesIn(trash)).filter(isMarkedPinned).map((name) => join(trash, name))
  const lock = (await isLeft()).length === 0 ? null : await locks.tryAcquire(TRASH_LOCK)
  if (lock === null) return
  try {
    for (const path of await isLeft()) if (!(await isOfAnother(repository, path))) await deleteThrown([path])
    await tidyUp(trash)
  } finally {
    await lock.release()
  }
}
