import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import { LineChecker, sharedBuffer } from '../../../packages/store/src/checker/line-checker.js'

/** The built one: a thread has no way to load the sources. */
const BUILT = new URL('../../../packages/store/dist/checker/worker.js', import.meta.url)

/** Enough to check for a thread to be started; it is no line, so that it takes no time. */
const MUCH = sharedBuffer(8_388_608)

export function checkerWith(program: URL = BUILT): LineChecker {
  const checker = new LineChecker(program)
  onTestFinished(() => checker.close())
  return checker
}

/** Gives a checker enough to check for a thread to be started. */
export async function checkMuch(checker: LineChecker): Promise<void> {
  await checker.check(MUCH)
}

/** The thread that a checker starts when it has much to check. */
export async function startedBy(checker: LineChecker): Promise<Worker> {
  const starting = once(process, 'worker')
  await checkMuch(checker)
  const [worker] = (await starting) as [Worker]
  return worker
}

/** A checker whose thread is there, and that thread. */
export async function threaded(): Promise<{ checker: LineChecker; worker: Worker }> {
  const checker = checkerWith()
  const worker = await startedBy(checker)
  await once(worker, 'message')
  return { checker, worker }
}

/** The same bytes where both threads see them. */
export function shared(bytes: Buffer): Buffer {
  const buffer = sharedBuffer(bytes.length)
  bytes.copy(buffer)
  return buffer
}

/** How many of the checks that are done meanwhile a thread answers. */
export function answersOf(worker: Worker, work: () => Promise<unknown>): Promise<number> {
  return eventsOf(worker, 'message', work)
}

/** How many threads are started meanwhile. */
export function startsIn(work: () => Promise<unknown>): Promise<number> {
  return eventsOf(process, 'worker', work)
}

/** Resolves when a thread has ended, for whatever reason. */
export function endOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => void worker.once('exit', () => resolve()))
}

async function eventsOf(
  emitter: NodeJS.EventEmitter,
  name: string,
  work: () => Promise<unknown>,
): Promise<number> {
  let events = 0
  const count = (): void => void (events += 1)
  emitter.on(name, count)
  await work()
  // What was begun at once is told by then.
  await new Promise((resolve) => void setImmediate(resolve))
  emitter.off(name, count)
  return events
}
