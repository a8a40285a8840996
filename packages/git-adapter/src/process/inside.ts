import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn } from '../files/look.js'

/** A process that has its working directory in some directory. */
export interface Inside {
  readonly pid: number
  /** The program's, as the system tells it. */
  readonly name: string
}

/** A process has ended meanwhile, or is somebody else's. */
const UNKNOWN = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/**
 * The processes at work in a directory. Linux tells them in `/proc`; of other users' processes it may not, and elsewhere
 * none is known.
 */
export async function processesInside(directory: string): Promise<readonly Inside[]> {
  const real = await realpath(directory)
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map((pid) => insideOf(pid, real)))
  return found.filter((inside) => inside !== null)
}

async function insideOf(pid: string, directory: string): Promise<Inside | null> {
  try {
    const at = await readlink(join('/proc', pid, 'cwd'))
    if (at !== directory && !at.startsWith(`${directory}/`)) return null
    return { pid: Number(pid), name: (await readFile(join('/proc', pid, 'comm'), 'utf8')).trim() }
  } catch (error) {
    if (UNKNOWN.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
