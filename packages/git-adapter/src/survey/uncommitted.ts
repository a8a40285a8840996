import { isCoppiceError, type TaskState } from '@coppice/core'
import { capture } from '../capture/capture.js'
import { withScratch } from '../scratch.js'
import { siteOf, type GitWorkspaceOptions } from '../site-of.js'

/**
 * Whether the worktree of a task holds something that is in no commit. Read as a checkpoint reads it, and nothing is
 * written into the repository.
 *
 * @returns why that cannot be said, where it cannot
 */
export async function uncommittedIn(
  options: GitWorkspaceOptions,
  task: TaskState,
): Promise<{ readonly uncommitted: boolean } | { readonly problem: string }> {
  const site = await siteOf(options)
  try {
    return await withScratch(site, async (scratch) => {
      const { tree, headTree, index, rawIndex, uncaptured } = await capture(scratch, task)
      const isClean = tree === headTree && index === headTree && rawIndex === null
      return { uncommitted: !isClean || uncaptured.length > 0 }
    })
  } catch (error) {
    if (!isCoppiceError(error)) throw error
    return { problem: error.message }
  }
}
