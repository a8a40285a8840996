import type { LockSight } from '@coppice/core'
import { join } from 'node:path'
import { lookAt, namesIn } from '../files/look.js'
import { holderOf } from '../git/left-lock.js'
import { processesAt } from '../process/git-processes.js'
import type { Site } from '../site.js'

/** Where git locks something, below its directory. Objects are never locked but by maintenance, which waits for nobody. */
const LOCKED = ['refs', 'worktrees', 'logs', 'info', 'objects/info', 'objects/pack', 'reftable']

/** All locks of git's in a repository, and who may be holding them. */
export async function surveyLocks(site: Site): Promise<readonly LockSight[]> {
  const { commonDir, mainWorkTree } = site.repository
  const paths = await locksBelow(commonDir)
  // Looking at all processes is for when there is something to ask.
  if (paths.length === 0) return []
  const processes = await processesAt({ commonDir, workTree: mainWorkTree })
  const sights = await Promise.all(
    paths.map(async (path) => {
      const found = await lookAt(path)
      if (found === null) return []
      const { ino: inode, mtimeMs } = found
      return [{ path, inode, mtimeMs, holder: await holderOf(processes, path, found) }]
    }),
  )
  return sights.flat()
}

async function locksBelow(commonDir: string): Promise<readonly string[]> {
  const found = (await namesIn(commonDir)).filter(isLock).map((name) => join(commonDir, name))
  for (const directory of LOCKED) await collect(join(commonDir, directory), found)
  return found
}

async function collect(directory: string, found: string[]): Promise<void> {
  for (const name of await namesIn(directory)) {
    const path = join(directory, name)
    if (isLock(name)) found.push(path)
    else if ((await lookAt(path))?.isDirectory() === true) await collect(path, found)
  }
}

/** No ref's name ends like this. A `packed-refs.new` that a killed git has left is in the way of every deletion of a ref. */
function isLock(name: string): boolean {
  return name.endsWith('.lock') || name === 'packed-refs.new'
}
