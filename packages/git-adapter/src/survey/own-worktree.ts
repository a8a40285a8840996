import type { EntrySight, Oddity, WorktreeRemnant } from '@coppice/core'
import { basename, dirname, join } from 'node:path'
import { isThere } from '../files/look.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import { leftoverNamed } from '../worktree/layout.js'

/** A worktree that git's entry of it says was made for a task. */
export interface OwnWorktree extends WorktreeRemnant {
  readonly task: string
  readonly path: string
  readonly entry: EntrySight
}

/** Whether an entry is of a worktree that was never finished, or of a verification; null where somebody worked there. */
export async function besideOf(
  { path, gitDir, task }: EntrySight,
  worktreesDir: string,
): Promise<'making' | 'verifying' | null> {
  if (path !== null) {
    const kind = leftoverNamed(basename(dirname(path)), basename(path))?.kind
    return kind === 'making' || kind === 'verifying' ? kind : null
  }
  // The file that says where it is may have been lost later.
  return (await pointedGitDir(join(worktreesDir, task ?? ''))) === gitDir ? null : 'making'
}

/**
 * The worktree of an entry that bears a task's mark, or why it is none: in a copy of a repository the entries are of the
 * original's worktrees.
 */
export async function ownWorktree(
  entry: EntrySight,
  task: string,
  worktreesDir: string,
): Promise<OwnWorktree | Oddity> {
  const { gitDir } = entry
  const path = entry.path ?? join(worktreesDir, task)
  const own = { task, path, gitDir, entry }
  if (!(await isThere(path))) return { ...own, standing: 'lost' }
  const named = await pointedGitDir(path)
  if (named === gitDir) return { ...own, standing: 'whole' }
  const isElsewhere = named !== null && dirname(named) !== dirname(gitDir) && (await isThere(named))
  return isElsewhere
    ? { subject: path, why: 'it is a worktree of another repository, of which this is a copy' }
    : { ...own, standing: 'severed' }
}
