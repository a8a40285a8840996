import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readBytes } from '../files/look.js'
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

/** Keeps a copy of a file of git's directory. */
export async function keepAside(site: Site, file: string): Promise<void> {
  const aside = gitAsideOf(site)
  await mkdir(aside, { recursive: true })
  await writeFile(join(aside, `${basename(file)}~${randomUUID()}`), await readBytes(file))
}
