import { sweepIndexFiles } from './capture/index-slot.js'
import { sweepMarkDraft } from './merge/landing-mark.js'
import { removeTornObjects } from './repair/torn-objects.js'
import { sweepDrafts } from './repository/private-git.js'
import type { Site } from './site.js'

/**
 * Deletes the working files that killed engines have left, and what a power cut has made of objects. Nothing of a task's is
 * in them, and what a living engine works with is locked and stays.
 */
export async function tidy(site: Site): Promise<void> {
  for (const sweep of [sweepIndexFiles, sweepDrafts, sweepMarkDraft, removeTornObjects]) {
    try {
      await sweep(site)
    } catch (error) {
      if (!NO_OBSTACLE.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}

/**
 * What belongs to another user is left to that one; it is in nobody's way. What git cannot make sense of, or there is no room for,
 * is met again by whoever needs it, and by the next who tidies: nobody is kept from opening by it.
 */
const NO_OBSTACLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EXDEV', 'git-failed'])
