import { existsSync, readdirSync, readFileSync } from 'node:fs'

const MARK = 'COPPICE_BENCH_RUN'

/**
 * Has every process that this one starts from now on carry a mark, and so all that these start in turn: those too that lead
 * a group of their own and outlive who started them.
 *
 * @param {string} run what no other run has
 */
export function markDescendants(run) {
  process.env[MARK] = run
}

/** Kills what still carries this run's mark. Where the system does not show the environment of processes, it kills nothing. */
export function endDescendants() {
  const wanted = `${MARK}=${process.env[MARK]}`
  for (const pid of existsSync('/proc/self/environ') ? readdirSync('/proc') : []) {
    if (/^\d+$/.test(pid) && Number(pid) !== process.pid && environmentOf(pid).includes(wanted))
      end(Number(pid))
  }
}

/** Empty for a process that is gone, or that is somebody else's. */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return []
    throw error
  }
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
