import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 10

/** Waits until no process is left that was started in an environment with this text. */
export async function survivorsEnded(mark) {
  while (readdirSync('/proc').some((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark)))
    await delay(POLL_MS)
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    // It has ended, or is another user's.
    return ''
  }
}
