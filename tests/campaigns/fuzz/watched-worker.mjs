import { on } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Milliseconds that one case may take; it is far more than any needs. */
const CASE_MS = 30_000

/** Runs cases in a thread of its own, and notices from here when one of them never ends. */
export class WatchedWorker {
  /** What ended it before its time, in words, or null. */
  problem = null
  #worker
  /** The number of the case that is being run. */
  #progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  #ended = new AbortController()

  /** @param from the first case, and `to` the one that is not run any more */
  constructor(seed, from, to) {
    this.#progress[0] = from
    const workerData = { seed, from, to, progress: this.#progress }
    this.#worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData })
    this.#worker.once('exit', () => this.#ended.abort())
    this.#worker.once('error', (error) => (this.problem = `the case failed: ${error.stack}`))
  }

  /** The case to go on with. */
  get next() {
    return this.#progress[0]
  }

  /** What became of its cases, many at a time. */
  async *batches() {
    let isDone = false
    let seen = -1
    const watch = setInterval(() => {
      if (this.next === seen) this.#stop(`the case takes more than ${CASE_MS} ms`)
      seen = this.next
    }, CASE_MS)
    try {
      for await (const [batch] of on(this.#worker, 'message', { signal: this.#ended.signal })) {
        yield batch
        isDone = batch.isLast
        if (isDone) return
      }
    } catch (error) {
      if (error.name !== 'AbortError') throw error
    } finally {
      clearInterval(watch)
    }
    // Whoever waits for what never comes lets the thread end.
    if (!isDone) this.problem ??= 'the case waits for ever'
  }

  async terminate() {
    await this.#worker.terminate()
  }

  #stop(problem) {
    this.problem = problem
    this.#ended.abort()
  }
}
