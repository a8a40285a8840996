import { Worker } from 'node:worker_threads'
import { goodLines } from '../format/good-lines.js'

/** It is there in the build alone; where it is not, all is checked on the main thread. */
const PROGRAM = new URL('./worker.js', import.meta.url)

/** Bytes that are checked without a pause before another thread is worth its start. */
const WORTH_STARTING = 8_388_608

/** Milliseconds in which nothing is checked, after which the thread is let go. */
const PAUSE_MS = 1_000

/** Checking keeps nothing, so that a small heap is enough. */
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }

interface Order {
  readonly bytes: Buffer
  readonly resolve: (good: number) => void
}

/** Bytes that both threads see. */
export function sharedBuffer(length: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(length))
}

/**
 * Checks lines on another thread while the main one does something else. The thread is started once there is much to
 * check, and let go when there is nothing more. While it is not there, and when it is lost, the main thread checks them.
 */
export class LineChecker {
  #worker: Worker | null = null
  #isReady = false
  /** Once it was closed, or a thread was lost, no other is started. */
  #isOver = false
  #checked = 0
  #checkedAt = 0
  /** What the worker has not answered yet, in the order in which it will. */
  readonly #orders: Order[] = []
  #pause: NodeJS.Timeout | null = null

  constructor(private readonly program: URL = PROGRAM) {}

  /**
   * Answers what `goodLines` does.
   *
   * @param bytes stay as they are until then; those that are not shared are checked on the main thread
   */
  check(bytes: Buffer): Promise<number> {
    this.#count(bytes.length)
    if (!this.#isReady || !(bytes.buffer instanceof SharedArrayBuffer))
      return Promise.resolve(goodLines(bytes))
    return new Promise((resolve) => {
      // A process that waits for an answer does not end.
      if (this.#orders.push({ bytes, resolve }) === 1) this.#worker?.ref()
      this.#worker?.postMessage(bytes, [])
    })
  }

  /** Lets go of the thread. What it has not checked is checked on the main one, like all that comes later. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#letGo()
  }

  #count(bytes: number): void {
    if (this.#worker !== null || this.#isOver) return
    const now = performance.now()
    this.#checked = bytes + (now - this.#checkedAt < PAUSE_MS ? this.#checked : 0)
    this.#checkedAt = now
    if (this.#checked >= WORTH_STARTING) this.#start()
  }

  #start(): void {
    try {
      const worker = new Worker(this.program, { execArgv: [], resourceLimits: HEAP })
      worker.unref()
      worker.once('message', () => this.#begin(worker))
      // Whatever it fails with, it ends then, and what it leaves is done here.
      worker.on('error', () => undefined)
      worker.once('exit', () => this.#lose(worker))
      this.#worker = worker
    } catch {
      // Where no thread may be started, there is still this one.
      this.#isOver = true
    }
  }

  #begin(worker: Worker): void {
    if (worker !== this.#worker) return
    worker.on('message', (good: number) => this.#answer(worker, good))
    this.#isReady = true
    this.#pause = setTimeout(() => this.#onPause(), PAUSE_MS).unref()
  }

  #answer(worker: Worker, good: number): void {
    if (worker !== this.#worker) return
    const order = this.#orders.shift()
    // Not at once: whoever waits is busy then, and what is to be checked next may just have been read.
    if (order !== undefined) setImmediate(order.resolve, good)
    if (this.#orders.length > 0) return
    worker.unref()
    this.#pause?.refresh()
  }

  #onPause(): void {
    if (this.#orders.length === 0) void this.#letGo()
  }

  #lose(worker: Worker): void {
    if (worker === this.#worker) void this.close()
  }

  async #letGo(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    this.#isReady = false
    this.#checked = 0
    if (this.#pause !== null) clearTimeout(this.#pause)
    for (const { bytes, resolve } of this.#orders.splice(0)) resolve(goodLines(bytes))
    await worker?.terminate()
  }
}
