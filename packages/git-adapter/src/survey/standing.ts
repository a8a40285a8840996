import type { PlaceSight, Standing } from '@coppice/core'
import { join } from 'node:path'
import { lookAt } from '../files/look.js'
import { pointedGitDir } from '../repository/admin-entries.js'

/** What stands at a path, symbolic links not followed. */
export async function standingAt(path: string): Promise<Standing> {
  const found = await lookAt(path)
  if (found === null) return 'nothing'
  if (found.isDirectory()) return 'directory'
  return found.isFile() ? 'file' : 'other'
}

/** What stands in a worktree's place, and what its `.git` says. */
export async function placeAt(path: string): Promise<PlaceSight> {
  const standing = await standingAt(path)
  if (standing !== 'directory') return { standing, dotGit: 'nothing', names: null }
  return { standing, dotGit: await standingAt(join(path, '.git')), names: await pointedGitDir(path) }
}
