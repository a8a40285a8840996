import { dirname, join } from 'node:path'
import type { Site } from '../site.js'

// Nothing ever deletes what lies here: it was somebody's, and is kept for a person to look at.

export const ASIDE = '.aside'

/** What stood in a task's worktree lies beside the worktrees, so that moving it there is one rename. */
export function asideOf(worktree: string): string {
  return join(dirname(worktree), ASIDE)
}

/** What stood in git's directory. */
export function gitAsideOf({ workshop }: Site): string {
  return join(workshop.directory, 'aside')
}
