import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text as readAll } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const TIME_LIMIT_MS = 600_000

export class MeasurementError extends Error {}

/**
 * @typedef {object} Measurement
 * @property {unknown} value what was measured; most programs answer with a number, in a unit of their own
 * @property {number} peakBytes the most memory that the process ever held
 */

/**
 * Runs a program, which hands its measurement to `report`, in a process of its own: no measurement finds another's
 * heap, compiled code or open files. The process that starts them stays small, because on Linux a child's peak of
 * memory begins with that of its parent.
 *
 * @param {URL} program
 * @param {object} options anything that JSON can say
 * @param {{ timeLimitMs?: number, isTelling?: boolean }} [how] of a program that tells how far it has come, what it
 * writes to standard error is passed on
 * @returns {Promise<Measurement>}
 * @throws {MeasurementError}
 */
export async function measureIn(program, options, { timeLimitMs = TIME_LIMIT_MS, isTelling = false } = {}) {
  const child = fork(fileURLToPath(program), [JSON.stringify(options)], {
    // Some peers write to standard output whatever they are asked to do.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: timeLimitMs,
  })
  const kill = () => child.kill('SIGKILL')
  // It must not go on without us, nor write where all is being removed.
  process.prependOnceListener('exit', kill)
  if (isTelling) child.stderr.on('data', (chunk) => process.stderr.write(chunk))
  let answer = null
  child.on('message', (message) => {
    answer = message
  })
  const [complaints, [code, signal]] = await Promise.all([readAll(child.stderr), once(child, 'close')])
  process.off('exit', kill)
  if (answer === null)
    throw new MeasurementError(`it ended with ${signal ?? code}: ${firstError(complaints)}`)
  if ('problem' in answer) throw new MeasurementError(firstError(answer.problem))
  return answer
}

/** What follows in a message, such as a stack, speaks of this machine's directories. */
function firstError(text) {
  const lines = text.split('\n')
  return lines.find((line) => line.includes('Error')) ?? lines[0]
}
