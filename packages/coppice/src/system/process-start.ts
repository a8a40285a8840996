import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What the system says of a process: its mark of the start, and whether only its exit status is left of it. */
export interface ProcessStart {
  readonly startTime: string
  readonly zombie: boolean
}

/** Reads a process's start, or null where there is no such process. Synchronous, so that nothing comes between. */
export const readProcessStart = process.platform === 'linux' ? fromProc : fromPs

/** Linux: fields 3 (state) and 22 (start in clock ticks after boot) of /proc/<pid>/stat, as in proc(5). */
export function fromProc(pid: number): ProcessStart | null {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    // A process that ends between open and read shows as ESRCH.
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return null
    throw error
  }
  return parseStat(stat)
}

/** Field 2 is the command's name in parentheses, which may hold spaces and parentheses of its own. */
export function parseStat(stat: string): ProcessStart | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[19]]
  if (state === undefined || startTime === undefined) return null
  return { startTime, zombie: state === 'Z' || state === 'X' }
}

/** Elsewhere: what `ps` prints, in one language and time zone so that it can be compared for equality. */
export function fromPs(pid: number): ProcessStart | null {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  const args = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)]
  const { stdout, error } = spawnSync('ps', args, { env, encoding: 'utf8' })
  if (error !== undefined) throw error
  const found = /^\s*(\S+)\s+(\S.*?)\s*$/m.exec(stdout)
  if (found === null) return null
  const [, state = '', startTime = ''] = found
  return { startTime, zombie: state.startsWith('Z') }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
