import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn } from '../files/look.js'
import { isWithin, Mounts } from './mounts.js'

/** A process that has its working directory in some directory. */
export interface Inside {
  readonly pid: number
  /** The program's, as the system tells it. */
  readonly name: string
}

/** A process has ended meanwhile, or is just ending (then it has no mounts), or is somebody else's. */
const UNKNOWN = new Set(['ENOENT', 'ESRCH', 'EINVAL', 'EACCES', 'EPERM'])

/**
 * The processes at work in a directory, also where it is mounted somewhere else, as into a container. Linux tells them in
 * `/proc`; of other users' processes it may not, and elsewhere none is known.
 */
export async function processesInside(directory: string): Promise<readonly Inside[]> {
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))
  if (pids.length === 0) return []
  const mounts = new Mounts()
  const place = await mounts.placeOf('self', await realpath(directory))
  const found = await Promise.all(pids.map((pid) => insideOf(pid, place, mounts)))
  return found.filter((inside) => inside !== null)
}

async function insideOf(pid: string, place: string, mounts: Mounts): Promise<Inside | null> {
  try {
    const at = await readlink(join('/proc', pid, 'cwd'))
    if (!isWithin(await mounts.placeOf(pid, at), place)) return null
    return { pid: Number(pid), name: (await readFile(join('/proc', pid, 'comm'), 'utf8')).trim() }
  } catch (error) {
    if (UNKNOWN.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
