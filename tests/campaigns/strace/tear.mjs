import { Subject } from '../file-log/subject.mjs'
import { largestFile } from './largest-file.mjs'
import { fileSizeLimit } from './shortages.mjs'
import { Tracer } from './tracer.mjs'

/** Bytes of a group of appends that are let through: more than its first has, fewer than all have. */
const ROOM = 700

/**
 * Leaves a log at whose end a process has died: the kernel let only a part of its write through, and it was killed
 * before it could cut that off or write anything else.
 *
 * @returns the lines that the process printed
 */
export async function tear(directory, trace) {
  const lines = []
  const ledger = { take: (line) => lines.push(line) }
  const steps = ['append 3', 'pause', 'group 8', 'pause']
  const subject = new Subject({ directory, segmentBytes: 1_000_000, label: 'torn', steps }, ledger)
  await subject.paused()
  fileSizeLimit(largestFile(directory) + ROOM).begin(subject)
  const kill = 'inject=ftruncate,truncate:signal=KILL'
  const tracer = new Tracer(trace, ['-f', '-p', String(subject.pid), '-e', 'trace=all', '-e', kill])
  await tracer.attached()
  subject.goOn()
  if (await subject.paused()) subject.kill()
  await subject.failure()
  await tracer.calls()
  return lines
}
