import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isThere, lookAt, namesIn, readLine, readText } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import type { Repository } from './repository.js'

/** What git keeps of a linked worktree: a directory below `worktrees/` of the common directory. */
export interface AdminEntry {
  readonly gitDir: string
  /** The worktree's directory, as its `gitdir` file says; null where that file is missing or empty. */
  readonly path: string | null
}

/**
 * All linked worktrees, read from files: `git worktree list` fails as a whole when a single entry is half made.
 *
 * @param name only entries that were made for a worktree at a directory of that name
 */
export async function adminEntries(
  { commonDir }: Pick<Repository, 'commonDir'>,
  name?: string,
): Promise<readonly AdminEntry[]> {
  const root = join(commonDir, 'worktrees')
  const all = await namesIn(root)
  const names = name === undefined ? all : all.filter((each) => isNamedAfter(each, name))
  return Promise.all(
    names.map(async (each) => {
      const gitDir = join(root, each)
      const pointer = (await readLine(join(gitDir, 'gitdir'))) ?? ''
      return { gitDir, path: pointer === '' ? null : dirname(pointer) }
    }),
  )
}

/** More than any path has; an agent can make its `.git` as long as it likes. */
export const MAX_POINTER_BYTES = 65_536

/** The git directory that a worktree's `.git` file names, or null where that is no such file. */
export async function pointedGitDir(path: string): Promise<string | null> {
  const file = join(path, '.git')
  const found = await lookAt(file)
  const isShort = found?.isFile() === true && found.size <= MAX_POINTER_BYTES
  const text = isShort ? await readText(file) : null
  return /^gitdir: (.+)\n?$/.exec(text ?? '')?.[1] ?? null
}

/** Git names an entry after the worktree's directory, and adds a number if that is taken. */
function isNamedAfter(entry: string, directory: string): boolean {
  return entry.startsWith(directory) && /^\d*$/.test(entry.slice(directory.length))
}

/** Where an entry of a worktree at a directory of that name would be made, as git itself chooses. Under the repository lock. */
export async function freeEntry({ commonDir }: Repository, path: string): Promise<string> {
  const root = join(commonDir, 'worktrees')
  await mkdir(root, { recursive: true })
  const wanted = join(root, basename(path))
  for (let number = 0; ; number++) {
    const gitDir = `${wanted}${number === 0 ? '' : number}`
    if (!(await isThere(gitDir))) return gitDir
  }
}

/**
 * Removes an entry by one rename, so that it is either whole or gone; what is deleted after that is nobody's, and what
 * a crash leaves of it goes with the next one.
 */
export async function dropEntry({ commonDir }: Repository, gitDir: string): Promise<void> {
  const trash = join(commonDir, 'coppice', 'trash')
  await mkdir(trash, { recursive: true })
  await rename(gitDir, join(trash, randomUUID()))
  await removeTree(trash)
}

/**
 * Fills in an empty `commondir` file. A `git worktree add` that is killed leaves one, or a power cut, and every later
 * command on any worktree fails over it. What belongs in it is always the same, so this is right even while git is about
 * to write it.
 */
export async function mendEntries({ commonDir }: Repository): Promise<void> {
  const root = join(commonDir, 'worktrees')
  const files = (await namesIn(root)).map((name) => join(root, name, 'commondir'))
  await Promise.all(files.map(mendCommonDir))
}

async function mendCommonDir(file: string): Promise<void> {
  if ((await readLine(file)) === '') await writeFile(file, '../..\n')
}
