import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 10

/** The ids of the processes that were started in an environment with this text, and have not ended. */
export function markedProcesses(mark) {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return numbers.filter((pid) => textOf(pid, 'environ').includes(mark) && !hasEnded(pid)).map(Number)
}

/** Waits until none is left. */
export async function markedEnded(mark) {
  while (markedProcesses(mark).length > 0) await sleep(POLL_MS)
}

/** Kills them, and what they start meanwhile, until none is left. */
export async function endMarked(mark) {
  for (let found = markedProcesses(mark); found.length > 0; found = markedProcesses(mark)) {
    for (const pid of found) endProcess(pid)
    await sleep(POLL_MS)
  }
}

export function endProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** The arguments with which a process was started, or an empty array when it has ended. */
export function argumentsOf(pid) {
  return textOf(pid, 'cmdline').split('\0').filter(Boolean)
}

function hasEnded(pid) {
  return /^State:\s+[ZX]/m.test(textOf(pid, 'status'))
}

function textOf(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    // It has ended, or is another user's.
    return ''
  }
}
