import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { TestRepository } from '../../helpers/repository.js'

const SCRIPT = fileURLToPath(new URL('worker.mjs', import.meta.url))

export interface Worker {
  /** The lines that it has said so far. */
  readonly said: string[]
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
  readonly says: (line: string) => Promise<void>
  /** Kills it as the kernel does when memory runs out, alone or with the git processes that it has started. */
  readonly kill: (withChildren: boolean) => void
}

/** Starts a process with an engine on a repository that does so many jobs at once; see worker.mjs. As root it can become another user. */
export function startWorker(
  user: TestRepository,
  job: 'create' | 'live' | 'unreadable',
  prefix: string,
  count: number,
  uid?: number,
): Worker {
  const args = [SCRIPT, user.path, job, prefix, String(count), ...(uid === undefined ? [] : [String(uid)])]
  const child = spawn(process.execPath, args, { env: user.env })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const said: string[] = []
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(...text.trimEnd().split('\n')))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }))
  const says = async (line: string): Promise<void> => {
    while (!said.includes(line)) {
      const over = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)])
      if (over && !said.includes(line)) throw new Error(`ended without ${line}: ${stderr}`)
    }
  }
  const kill = (withChildren: boolean): void => {
    const children = withChildren ? childrenOf(child.pid!) : []
    child.kill('SIGKILL')
    for (const pid of children) killIfThere(pid)
  }
  return { said, ended, says, kill }
}

function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.filter(([parent]) => parent === pid).map(([, child]) => child!)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
