import { lookAt } from '../files/look.js'
import { below, lookBelow } from '../files/look-below.js'

/** What stands at a path now: what git can hold, a repository of its own, what cannot be read, or nothing of these. */
export type PathKind = 'file' | 'symlink' | 'repository' | 'unreadable' | 'gone'

const SLASH = 0x2f
const DOT_GIT = Buffer.from('.git')

/** Looks without following symbolic links, neither at the path's end nor on the way to it. */
export async function kindOf(root: string, name: Buffer): Promise<PathKind> {
  try {
    return await look(root, name)
  } catch (error) {
    if (CLOSED.has((error as NodeJS.ErrnoException).code ?? '')) return 'unreadable'
    throw error
  }
}

/** It may not be read, or lies so deep that git, which goes down step by step, sees it where we cannot name it. */
const CLOSED = new Set(['EACCES', 'ENAMETOOLONG'])

async function look(root: string, name: Buffer): Promise<PathKind> {
  if (name.at(-1) === SLASH) return 'repository'
  const found = await lookBelow(root, name)
  if (found === null) return 'gone'
  if (found.isSymbolicLink()) return 'symlink'
  if (found.isFile()) return 'file'
  // A directory where git has an entry of its own: a repository, or what replaced a file.
  const inner = found.isDirectory() ? await lookAt(below(below(root, name), DOT_GIT)) : null
  return inner === null ? 'gone' : 'repository'
}
