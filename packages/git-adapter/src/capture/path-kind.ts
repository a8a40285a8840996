import { lookAt } from '../files/look.js'

/** What stands at a path now: what git can hold, a repository of its own, what may not be read, or nothing of these. */
export type PathKind = 'file' | 'symlink' | 'repository' | 'unreadable' | 'gone'

const SLASH = 0x2f

/** Looks without following symbolic links, neither at the path's end nor on the way to it. */
export async function kindOf(root: string, name: Buffer): Promise<PathKind> {
  try {
    return await look(root, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return 'unreadable'
    throw error
  }
}

async function look(root: string, name: Buffer): Promise<PathKind> {
  const prefix = Buffer.from(`${root}/`)
  if (name.at(-1) === SLASH) return 'repository'
  for (let end = name.indexOf(SLASH); end !== -1; end = name.indexOf(SLASH, end + 1)) {
    const parent = await lookAt(Buffer.concat([prefix, name.subarray(0, end)]))
    if (parent === null || !parent.isDirectory()) return 'gone'
  }
  const found = await lookAt(Buffer.concat([prefix, name]))
  if (found === null) return 'gone'
  if (found.isSymbolicLink()) return 'symlink'
  if (found.isFile()) return 'file'
  // A directory where git has an entry of its own: a repository, or what replaced a file.
  const inner = found.isDirectory() ? await lookAt(Buffer.concat([prefix, name, Buffer.from('/.git')])) : null
  return inner === null ? 'gone' : 'repository'
}
