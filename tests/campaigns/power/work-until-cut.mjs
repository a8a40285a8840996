import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execute } from '../execute.mjs'
import { Subject } from '../file-log/subject.mjs'
import { Tracer } from '../strace/tracer.mjs'

const SCATTER = fileURLToPath(new URL('scatter.py', import.meta.url))

/** Milliseconds without any line after which a process counts as held, and for how long strace holds it. */
const SILENCE_MS = 150
const HOLD_MS = 20_000

/**
 * Lets a process work on a log until the power fails, and answers with how it failed before that, or null.
 *
 * @param disk whose power is cut
 * @param moment when that is, as `drawnLife` has it
 */
export async function workUntilCut(disk, workload, moment, ledger) {
  const cut = await disk.prepareCut()
  const progress = new Progress(ledger)
  const subject = new Subject(workload, progress)
  const come = moment.sync === undefined ? comeToAcknowledgement : comeToSync
  const release = await come(subject, progress, moment)
  const failure = subject.isOver ? await subject.failure() : null
  if (moment.sync !== undefined) scatter(join(workload.directory, 'log'), moment.seed)
  await cut(subject.pid)
  subject.kill()
  release()
  await subject.failure()
  return failure
}

class Progress {
  acknowledgements = 0
  heardAt = performance.now()

  constructor(ledger) {
    this.ledger = ledger
  }

  take(line) {
    this.ledger.take(line)
    this.heardAt = performance.now()
    if (line.startsWith('acknowledged')) this.acknowledgements += 1
  }
}

async function comeToAcknowledgement(subject, progress, { acknowledgements, pause }) {
  while (!subject.isOver && progress.acknowledgements < acknowledgements) await sleep(1)
  await sleep(pause)
  return () => {}
}

/** strace holds the process as it enters one of its syncs: what that is to write is only in memory. */
async function comeToSync(subject, progress, { call, sync }) {
  await subject.paused()
  const hold = ['-e', `trace=${call}`, '-e', `inject=${call}:delay_enter=${HOLD_MS}ms:when=${sync}`]
  const tracer = new Tracer('/dev/null', ['-f', '-p', String(subject.pid), ...hold])
  await tracer.attached()
  progress.heardAt = performance.now()
  subject.goOn()
  while (!subject.isOver && performance.now() - progress.heardAt < SILENCE_MS) await sleep(10)
  return () => tracer.kill()
}

/** Has the disk get some of the pages that are only in memory, whichever these are. */
function scatter(directory, seed) {
  execute('python3', [SCATTER, directory, seed])
}
