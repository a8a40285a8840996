import type { FilePlace } from '../git/place.js'
import type { Site } from '../site.js'
import { carryIn } from './carry-in.js'
import { cloneDirectories } from './clone-directories.js'

/**
 * Brings what git does not have into a new worktree, from the user's own checkout.
 *
 * @returns whether anything was written
 * @throws {CarryInError}
 */
export async function furnish(site: Site, worktree: FilePlace, signal?: AbortSignal): Promise<boolean> {
  const isCarried = await carryIn(site, worktree, signal)
  const isCloned = await cloneDirectories(site, worktree)
  return isCarried || isCloned
}
