import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn, unless } from '../files/look.js'
import { isWithin, Mounts } from './mounts.js'

/**
 * Whether a process has a file or a directory open below a directory, or stands in one: by that it could write there however
 * the directory is named by now. Linux tells it in `/proc`; of other users' processes it may not. True where nothing is told.
 */
export async function isOpenBelow(directory: string): Promise<boolean> {
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))
  if (pids.length === 0) return true
  const mounts = new Mounts()
  const place = await mounts.placeOf('self', directory)
  for (const pid of pids) if (await hasOpen(pid, directory, place, mounts)) return true
  return false
}

async function hasOpen(pid: string, directory: string, place: string, mounts: Mounts): Promise<boolean> {
  const process = join('/proc', pid)
  const descriptors = await unless(UNKNOWN, namesIn(join(process, 'fd')), [])
  const links = [
    join(process, 'cwd'),
    join(process, 'root'),
    ...descriptors.map((name) => join(process, 'fd', name)),
  ]
  const open = await Promise.all(links.map((link) => unless(UNKNOWN, readlink(link), '')))
  // What is no path is a pipe, a socket or the like.
  const paths = new Set(open.filter((path) => path.startsWith('/')))
  for (const path of paths) {
    const at = await unless(UNKNOWN, mounts.placeOf(pid, path), '')
    if (isWithin(at, place)) return true
  }
  const maps = await unless(UNKNOWN, readFile(join(process, 'maps'), 'utf8'), '')
  return maps.includes(` ${directory}/`)
}

/** A process has ended meanwhile, or is just ending, or is somebody else's. */
const UNKNOWN = new Set(['ENOENT', 'ESRCH', 'EINVAL', 'EACCES', 'EPERM'])
