import type { Leftover, TaskState } from '@coppice/core'
import { dirname, join } from 'node:path'
import { isThere, namesIn } from '../files/look.js'
import type { Site } from '../site.js'
import { BESIDE, leftoverNamed } from '../worktree/layout.js'
import { isOfAnother } from '../worktree/ownership.js'

/** What interrupted effects have left beside the worktrees, and in git's directory. */
export async function surveyLeftovers(site: Site, tasks: readonly TaskState[]): Promise<readonly Leftover[]> {
  const parents = new Set([site.worktreesDir, ...tasks.map(({ path }) => dirname(path))])
  const found: Leftover[] = []
  for (const parent of parents) {
    for (const directory of BESIDE) {
      for (const name of await namesIn(join(parent, directory))) {
        const leftover = leftoverNamed(directory, name)
        const path = join(parent, directory, name)
        if (leftover === null || site.rubbish.paths.has(path) || (await isOfAnother(site.repository, path)))
          continue
        found.push({ ...leftover, path })
      }
    }
  }
  const path = join(site.repository.commonDir, 'coppice', 'trash')
  return (await isThere(path)) ? [...found, { kind: 'entry-trash', path, task: null }] : found
}
