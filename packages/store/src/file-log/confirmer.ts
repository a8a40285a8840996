import { setTimeout as sleep } from 'node:timers/promises'
import type { DiskFile, DiskLock } from '../disk/disk.js'
import type { Cursor } from './cursor.js'
import { unprovenFrom } from './enter-segment.js'
import type { Known } from './known.js'
import { SegmentFile } from './segment-file.js'
import type { Segments } from './segments.js'

/** How often and after how many milliseconds it looks for a moment in which nobody appends. */
const LOCK_LOOKS = 20
const LOCK_LOOK_MS = 1

/** What a file system says that cannot be written, and so holds nothing that is not synced. */
const NOTHING_TO_SYNC = new Set(['EROFS', 'EINVAL'])

interface Waiting {
  readonly file: DiskFile
  readonly end: Cursor
  readonly resolve: (stays: boolean) => void
  readonly reject: (error: unknown) => void
}

/** Sees to it that what another process has written stays in the log, before a reader passes it on. */
export class Confirmer {
  readonly #waiting: Waiting[] = []
  #running: Promise<void> | null = null
  #isClosed = false

  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly lock: DiskLock,
  ) {}

  /** Waits for what is being written under the lock. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
    this.lock.close()
  }

  /**
   * Makes durable what another process has written, and answers whether it is in the log for good. While a writer holds the
   * lock, it may yet fail to sync what it wrote, and leave it behind. Readings that wait at the same time
   * share one look at the lock.
   *
   * @param file the segment, open for reading
   */
  confirm(file: DiskFile, end: Cursor): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ file, end, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    try {
      const isTaken = await this.#take()
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        const { file, end, resolve, reject } = next
        await (isTaken ? this.#confirm(file, end) : Promise.resolve(false)).then(resolve, reject)
      }
      if (isTaken) this.lock.unlock()
    } catch (error) {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    if (this.#isClosed) this.lock.close()
    this.#running = null
  }

  async #take(): Promise<boolean> {
    for (let looks = 0; looks < LOCK_LOOKS; looks++) {
      if (this.lock.tryLock()) return true
      await sleep(LOCK_LOOK_MS)
    }
    return false
  }

  async #confirm(file: DiskFile, end: Cursor): Promise<boolean> {
    const { durable } = this.known
    if (this.segments.exists(end.segment + 1)) return false
    // This process may have written there itself meanwhile.
    if (durable.isSynced(end)) return true
    if (durable.hasFailed(end.segment)) await this.#writeAgain(end)
    else await this.#sync(file, end)
    durable.markSynced(end)
    return true
  }

  /** Whoever saw a sync fail cannot rely on another one alone. */
  async #writeAgain(end: Cursor): Promise<void> {
    const file = new SegmentFile(end.segment, this.segments.path(end.segment), this.segments.disk)
    try {
      await file.writeAgain(await unprovenFrom(this.segments, this.known, end.segment), end)
      await this.#sync(file, end)
    } finally {
      file.close()
    }
    this.known.durable.markProven(end)
  }

  async #sync(file: Pick<DiskFile, 'sync'>, { segment }: Cursor): Promise<void> {
    try {
      await file.sync()
    } catch (cause) {
      if (NOTHING_TO_SYNC.has(String((cause as NodeJS.ErrnoException).code))) return
      this.known.durable.fail(segment)
      throw cause
    }
  }
}
