import type { TaskState } from '@coppice/core'
import { capture } from '../capture/capture.js'
import { isPinned, pin } from '../capture/pin.js'
import { isAsMade } from '../capture/take-checkpoint.js'
import { pinDiscarded } from './pin-discarded.js'
import type { Site } from '../site.js'

/**
 * Pins what is in a worktree that was made and never recorded, if it is not just what it was made with. Its ref is told by no
 * fact, as after a crash.
 *
 * @returns false where there is something in it that nothing can pin
 */
export async function pinUnrecorded(
  site: Site,
  task: TaskState & { readonly gitDir: string },
  at: string,
): Promise<boolean> {
  const { place } = site.repository
  const content = await capture(site, task)
  await pinDiscarded(site.repository, task, task.gitDir, at)
  if (!isPinned(task, content) && !isAsMade(task, content)) {
    await pin(place, content, { task, message: `before ${task.id} is made again`, at })
  }
  return content.uncaptured.length === 0
}
