import { constants, type Stats } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'

/**
 * What stands at a path, symbolic links not followed, or null for nothing. Only a clear "nothing" counts as one: an
 * unreadable disk must never look like a worktree that is gone.
 */
export function lookAt(path: string | Buffer): Promise<Stats | null> {
  return unless(MISSING, lstat(path), null)
}

export async function isThere(path: string | Buffer): Promise<boolean> {
  return (await lookAt(path)) !== null
}

/** A pipe that somebody put in the place of a file is empty, and not waited for. */
const AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK

/** A small file's text, or null where there is none. */
export function readText(file: string): Promise<string | null> {
  return unless(MISSING, readFile(file, { encoding: 'utf8', flag: AT_ONCE }), null)
}

/** The bytes of a file that somebody else may be changing. */
export function readBytes(file: string | Buffer): Promise<Buffer> {
  return readFile(file, { flag: AT_ONCE })
}

/**
 * What a file of one line says, or null where there is no such file. One that was not synced before a power cut may be
 * empty, or as long as it was and all zeros: both say nothing.
 */
export async function readLine(file: string): Promise<string | null> {
  return (await readText(file))?.replaceAll('\0', '').trim() ?? null
}

/** The names in a directory; none where there is no such directory. */
export function namesIn(directory: string | Buffer): Promise<readonly string[]> {
  return unless(MISSING, readdir(directory), [])
}

/** What is asked of the file system, or something else where it fails with one of some codes. */
export async function unless<T, N>(
  codes: ReadonlySet<string>,
  asked: Promise<T>,
  instead: N,
): Promise<T | N> {
  try {
    return await asked
  } catch (error) {
    if (codes.has((error as NodeJS.ErrnoException).code ?? '')) return instead
    throw error
  }
}

const MISSING = new Set(['ENOENT', 'ENOTDIR'])
