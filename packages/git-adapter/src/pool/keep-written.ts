import { isForeseen } from '../errors/foreseen.js'
import type { Site } from '../site.js'
import { checkoutSettings } from './checkout-settings.js'
import { bytesBelow } from './make-spare.js'
import { handOver, keepPristine } from './pristine.js'

/** Keeps what the pool has to know of a worktree that was just made for a task, so that it can go there when it is given back. */
export async function keepWritten(site: Site, gitDir: string, commit: string): Promise<void> {
  if ((site.poolLimits()?.size ?? 0) === 0) return
  try {
    const settings = await checkoutSettings(site)
    if (settings === null) return
    const bytes = await bytesBelow(gitDir, commit.length / 2)
    await keepPristine({ gitDir, commit, settings, bytes })
    await handOver(site, { gitDir }, gitDir)
  } catch (error) {
    // Then it is deleted when it is given back.
    if (!isForeseen(error)) throw error
  }
}
