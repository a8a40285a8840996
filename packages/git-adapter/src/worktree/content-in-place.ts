import type { PlaceContent } from '@coppice/core'
import { dirname, join } from 'node:path'
import { lookBelow } from '../files/look-below.js'
import { isThere, lookAt, namesIn, unless } from '../files/look.js'
import { splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import type { Repository } from '../repository/repository.js'

/**
 * What a directory in a worktree's place is, if its `.git` does not name git's entry of the worktree. It can be the worktree
 * still, whose `.git` was lost, and then something of what git knows of it is there.
 */
export async function contentInPlace(
  { commonDir }: Repository,
  path: string,
  gitDir: string,
): Promise<PlaceContent> {
  try {
    if ((await namesIn(path)).length === 0) return 'empty'
    const named = await pointedGitDir(path)
    const isAnother = named !== null && named !== gitDir && dirname(named) === join(commonDir, 'worktrees')
    if (isAnother && (await isThere(named))) return 'foreign'
    const tracked = await trackedIn(gitDir)
    for (const name of tracked) {
      if ((await unless(TOO_LONG, lookBelow(path, name), null)) !== null) return 'own'
    }
    // Where git knows of no file, none can be missed.
    return tracked.length === 0 ? 'own' : 'foreign'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return 'foreign'
    throw error
  }
}

/** What lies so deep is not looked for: the others tell. */
const TOO_LONG = new Set(['ENAMETOOLONG'])

/** The paths that a worktree's index names; where it names none, or cannot be read, those of its HEAD. */
async function trackedIn(gitDir: string): Promise<readonly Buffer[]> {
  const indexFile = join(gitDir, 'index')
  // Git would wait for a pipe.
  const isFile = (await lookAt(indexFile))?.isFile() === true
  const staged = isFile ? await pathsBy(gitDir, ['ls-files', '-z']) : []
  return staged.length > 0 ? staged : pathsBy(gitDir, ['ls-tree', '-r', '-z', '--name-only', 'HEAD'])
}

async function pathsBy(gitDir: string, args: readonly string[]): Promise<readonly Buffer[]> {
  const { exitCode, stdout } = await git({ gitDir }, { args, answers: [128] })
  return exitCode === 0 ? splitNul(stdout) : []
}
