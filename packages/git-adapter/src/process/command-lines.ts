import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isThere, namesIn } from '../files/look.js'

const run = promisify(execFile)

export interface CommandLine {
  readonly pid: string
  /** The program and its arguments. */
  readonly args: readonly string[]
}

/** What every process of the system was started with, as far as the system tells. */
export async function commandLines(): Promise<readonly CommandLine[]> {
  if (!(await isThere('/proc/self/cmdline'))) return askPs()
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(pids.map(async (pid) => ({ pid, args: await argumentsOf(pid) })))
}

async function argumentsOf(pid: string): Promise<readonly string[]> {
  try {
    return (await readFile(join('/proc', pid, 'cmdline'), 'utf8')).split('\0').slice(0, -1)
  } catch (error) {
    // It has ended meanwhile, or is another user's.
    if (UNTOLD.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

const UNTOLD = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/** Where an argument has a space in it, `ps` does not tell where it ends. */
async function askPs(): Promise<readonly CommandLine[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=', '-o', 'args='])
  return stdout.split('\n').map((line) => {
    const [pid = '', ...args] = line.trim().split(/\s+/)
    return { pid, args }
  })
}
