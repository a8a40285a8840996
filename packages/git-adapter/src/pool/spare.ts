import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isForeseen } from '../errors/foreseen.js'
import { namesIn, readLine, readText } from '../files/look.js'
import { exactSignOf } from '../files/sign.js'
import { syncDirectory } from '../files/sync-directory.js'
import { pointedGitDir } from '../repository/admin-entries.js'
import type { Repository } from '../repository/repository.js'
import type { Site } from '../site.js'

/**
 * A ready worktree: detached, clean, and nobody's. Its git directory is like those that git makes and lies among the
 * engine's own files until a task takes it, so that no command of git's sees or prunes it; its files lie beside the worktrees of
 * tasks, so that a task takes them by one rename.
 */
export interface Spare {
  readonly gitDir: string
  /** The directory of its files. */
  readonly path: string
  /** What is checked out. */
  readonly commit: string
  /** What git was configured to make of files when it was filled; see `checkoutSettings`. */
  readonly settings: string
  /** What its files take on the disk, those in the directories that it has kept included. */
  readonly bytes: number
  /** The directories that it has kept from the task before. */
  readonly kept: readonly string[]
  /** The key of the set-up that made them; null where that need not be what is in them. See `setupKey`. */
  readonly setup: string | null
}

/** The directory beside the worktrees that holds the files of spares. */
export const POOL = '.pool'

/** A file in a spare's git directory that is there as long as it is whole, and free. */
const RECORD = 'coppice-spare'

/** The directory of their git directories. */
export function poolOf({ commonDir }: Pick<Repository, 'commonDir'>): string {
  return join(commonDir, 'coppice', 'pool')
}

/** Where the files of a spare of that git directory are made. */
export function placeFor({ worktreesDir }: Site, gitDir: string): string {
  return join(worktreesDir, POOL, basename(gitDir))
}

/** All spares that may be taken, the oldest first. */
export async function sparesOf({ repository }: Site): Promise<readonly Spare[]> {
  const root = poolOf(repository)
  const names = (await namesIn(root)).toSorted()
  const found = await Promise.all(names.map((name) => spareAt(join(root, name))))
  return found.filter((spare) => spare !== null)
}

/** Whatever of it cannot be read makes it none. */
async function spareAt(gitDir: string): Promise<Spare | null> {
  try {
    const { sign, ...record } = recordIn((await readText(join(gitDir, RECORD))) ?? '')
    const path = await filesNamedIn(gitDir)
    if (path === null || (await pointedGitDir(path)) !== gitDir) return null
    return signOfSpare(gitDir, path) === sign ? { gitDir, path, ...record } : null
  } catch (error) {
    if (isForeseen(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** The directory of a spare's files, as its git directory names it. */
export async function filesNamedIn(gitDir: string): Promise<string | null> {
  const path = dirname((await readLine(join(gitDir, 'gitdir'))) ?? '')
  return basename(path) === basename(gitDir) && basename(dirname(path)) === POOL ? path : null
}

type SpareRecord = Omit<Spare, 'gitDir' | 'path'> & { readonly sign: string }

function recordIn(text: string): SpareRecord {
  return JSON.parse(text) as SpareRecord
}

/**
 * What shows that somebody has been at it: its index, and the names in the top directory. To look at every file would take as long
 * as what the pool is there to save.
 */
function signOfSpare(gitDir: string, path: string): string {
  return [join(gitDir, 'index'), path].map(exactSignOf).join(', ')
}

/** Says of a spare that it is whole and free. Everything in it is on the disk. */
export async function offer({ gitDir, path, ...rest }: Spare): Promise<void> {
  const record: SpareRecord = { ...rest, sign: signOfSpare(gitDir, path) }
  await writeFile(join(gitDir, RECORD), `${JSON.stringify(record)}\n`, { flush: true })
  await syncDirectory(gitDir)
}

/** From here on nobody takes it, and what a kill leaves of it is debris. Under the repository lock. */
export function withdraw({ gitDir }: Spare): Promise<void> {
  return rm(join(gitDir, RECORD), { force: true })
}
