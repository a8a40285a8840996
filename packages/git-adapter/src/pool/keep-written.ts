import { isForeseen } from '../errors/foreseen.js'
import type { Site } from '../site.js'
import { checkoutSettings } from './checkout-settings.js'
import { bytesBelow } from './make-spare.js'
import { handOver, keepPristine } from './pristine.js'

/**
 * Has the files of a new worktree written for a task, and keeps what the pool has to know of them, so that it can go there when it is given
 * back: by which settings they were written, which may be others by then.
 */
export async function keepWritten(
  site: Site,
  { gitDir, commit }: { readonly gitDir: string; readonly commit: string },
  write: () => Promise<void>,
): Promise<void> {
  const settings = (site.poolLimits()?.size ?? 0) === 0 ? null : await checkoutSettings(site)
  await write()
  if (settings === null) return
  try {
    const bytes = await bytesBelow(gitDir, commit.length / 2)
    await keepPristine({ gitDir, commit, settings, bytes })
    await handOver(site, { gitDir }, gitDir)
  } catch (error) {
    // Then it is deleted when it is given back.
    if (!isForeseen(error)) throw error
  }
}
