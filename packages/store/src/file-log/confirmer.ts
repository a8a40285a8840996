import { setTimeout as sleep } from 'node:timers/promises'
import { isCoppiceError } from '@coppice/core'
import type { DiskFile, DiskLock } from '../disk/disk.js'
import { Turns } from '../locks/turns.js'
import type { Cursor } from './cursor.js'
import { unprovenFrom } from './enter-segment.js'
import type { Known } from './known.js'
import { SegmentFile } from './segment-file.js'
import type { Segments } from './segments.js'

/** How often and after how many milliseconds it looks for a moment in which nobody appends. */
const LOCK_LOOKS = 20
const LOCK_LOOK_MS = 1

/** Of the turns that the readings of one process take, for they share the lock's descriptor. */
const TURN = 'lock'

/** Sees to it that what another process has written stays in the log, before a reader passes it on. */
export class Confirmer {
  readonly #turns = new Turns()

  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly lock: DiskLock,
  ) {}

  close(): void {
    this.lock.close()
  }

  /**
   * Makes durable what another process has written, and answers whether it is in the log for good. While a writer holds the
   * lock, it may yet fail to sync what it wrote, and leave it behind. One that holds it for long was probably stopped, and
   * holds up no reader.
   *
   * @param file the segment, open for reading
   * @param isPatient whether nothing is passed on in spite of a writer
   */
  async confirm(file: DiskFile, end: Cursor, isPatient: boolean): Promise<boolean> {
    await this.#turns.take(TURN)
    try {
      for (let looks = 0; looks < LOCK_LOOKS; looks++) {
        if (this.#tryLock()) return await this.#confirmUnderLock(file, end)
        await sleep(LOCK_LOOK_MS)
      }
    } finally {
      this.#turns.give(TURN)
    }
    // Nothing may be written beside whoever has the lock, and a sync alone would mean nothing.
    if (isPatient || this.known.durable.hasFailed(end.segment)) return false
    await this.#sync(file, end)
    return true
  }

  async #confirmUnderLock(file: DiskFile, end: Cursor): Promise<boolean> {
    try {
      if (this.segments.exists(end.segment + 1)) return false
      // This process may have written there itself meanwhile.
      if (!this.known.durable.isSynced(end)) await this.#makeDurable(file, end)
      return true
    } finally {
      this.lock.unlock()
    }
  }

  async #makeDurable(file: DiskFile, end: Cursor): Promise<void> {
    const { durable } = this.known
    if (durable.hasFailed(end.segment)) return this.#writeAgain(end)
    await this.#sync(file, end)
    durable.markSynced(end)
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
      this.known.durable.fail(segment)
      throw cause
    }
  }

  #tryLock(): boolean {
    try {
      return this.lock.tryLock()
    } catch (error) {
      // Who may not write the lock's file reads what is there; it has nothing to append to it.
      if (isCoppiceError(error, 'lock-failed') && mayNotWrite(error.cause)) return true
      throw error
    }
  }
}

function mayNotWrite(cause: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(String((cause as NodeJS.ErrnoException).code))
}
