import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds between two looks at a process that is not our child. */
const POLL_MS = 20

/** Waits until a process has ended that is not, or no longer, a child of ours. */
export async function outlasted(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(POLL_MS)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !isUncollected(pid)
}

/** Where nobody collects the processes of one that was killed, they stay in the list when they have ended. Linux tells that. */
function isUncollected(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
