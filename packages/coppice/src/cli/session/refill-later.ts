import { spawn } from 'node:child_process'
import type { Coppice } from '../../facade/coppice.js'

/**
 * Has the pool filled up again by a process of its own, which goes on when this command has ended: whoever asked for a task
 * does not wait for the next one's.
 */
export function refillLater(coppice: Coppice, directory: string): void {
  if (coppice.poolSize === 0) return
  const args = [...process.execArgv, process.argv[1] ?? '', '-C', directory, 'pool', '--fill', '--quiet']
  const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore' })
  // The pool is a cache; whoever uses it next finds out that it is not full.
  child.on('error', () => undefined)
  child.unref()
}
