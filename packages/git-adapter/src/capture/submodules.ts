import { join } from 'node:path'
import { namesIn } from '../files/look.js'
import type { IndexEntry } from './index-file.js'
import { lookBelow } from '../files/look-below.js'

const SUBMODULE = 0o160000

export function isSubmodule({ mode }: Pick<IndexEntry, 'mode'>): boolean {
  return mode === SUBMODULE
}

/**
 * Submodules that were set up in a worktree: their files belong to repositories of their own, which lie inside the
 * worktree or its git directory and would go with it. They count as content that no checkpoint holds.
 */
export async function populatedSubmodules(
  workTree: string,
  gitDir: string,
  entries: readonly IndexEntry[],
): Promise<readonly string[]> {
  const found = (await namesIn(join(gitDir, 'modules'))).map((name) => `submodule ${name}`)
  for (const { path, mode } of entries) {
    if (!isSubmodule({ mode })) continue
    if ((await lookBelow(workTree, path))?.isDirectory() !== true) continue
    const directory = Buffer.concat([Buffer.from(`${workTree}/`), path])
    if ((await namesIn(directory)).length > 0) found.push(`submodule ${path.toString('utf8')}`)
  }
  return found
}
