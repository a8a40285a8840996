import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { arch, cpus, release, totalmem, type } from 'node:os'

const GIGABYTE = 1_000_000_000

/** Where a benchmark ran, as pairs of a name and what it is. */
export function machine(directory) {
  const processors = cpus()
  return [
    ['CPU', `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores`],
    ['memory', `${Math.round(totalmem() / GIGABYTE)} GB`],
    ['kernel', `${type()} ${release()} ${arch()}`],
    ['filesystem', filesystemOf(directory)],
    ['Node', process.versions.node],
  ]
}

/** The type of the filesystem that holds a directory, as far as the system says it. */
export function filesystemOf(directory) {
  const mounts = '/proc/self/mounts'
  if (!existsSync(mounts)) return 'unknown'
  const path = `${realpathSync(directory)}/`
  let found = { point: '', filesystem: 'unknown' }
  for (const line of readFileSync(mounts, 'utf8').split('\n')) {
    const [, point = '', filesystem = 'unknown'] = line.split(' ')
    // Of two mounts on one point, the later one hides the earlier.
    const isInside = point === '/' || path.startsWith(`${point}/`)
    if (isInside && point.length >= found.point.length) found = { point, filesystem }
  }
  return found.filesystem
}
