import { rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { namesIn, readLine, readText } from '../files/look.js'
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
  /** What its files take on the disk. */
  readonly bytes: number
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

/** Whether there might be one, for the price of a look at a directory. */
export async function hasSpares({ repository }: Site): Promise<boolean> {
  return (await namesIn(poolOf(repository))).length > 0
}

async function spareAt(gitDir: string): Promise<Spare | null> {
  const record = recordIn((await readText(join(gitDir, RECORD))) ?? '')
  const pointer = await readLine(join(gitDir, 'gitdir'))
  const path = pointer?.endsWith('/.git') === true ? pointer.slice(0, -'/.git'.length) : null
  if (record === null || path === null || (await pointedGitDir(path)) !== gitDir) return null
  return { gitDir, path, ...record }
}

function recordIn(text: string): Pick<Spare, 'commit' | 'settings' | 'bytes'> | null {
  const [, commit, settings, bytes] = /^([0-9a-f]{40,64}) ([0-9a-f]+) (\d+)\n$/.exec(text) ?? []
  if (commit === undefined || settings === undefined) return null
  return { commit, settings, bytes: Number(bytes) }
}

/** Says of a spare that it is whole and free. Everything in it is on the disk. */
export async function offer({ gitDir, commit, settings, bytes }: Omit<Spare, 'path'>): Promise<void> {
  await writeFile(join(gitDir, RECORD), `${commit} ${settings} ${bytes}\n`, { flush: true })
  await syncDirectory(gitDir)
}

/** From here on nobody takes it, and what a kill leaves of it is debris. Under the repository lock. */
export function withdraw(gitDir: string): Promise<void> {
  return rm(join(gitDir, RECORD), { force: true })
}
