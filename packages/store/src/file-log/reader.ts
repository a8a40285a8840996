import { setTimeout as sleep } from 'node:timers/promises'
import { isCoppiceError } from '@coppice/core'
import type { DiskFile, DiskLock } from '../disk/disk.js'
import { LogCorruptError, LogReadError } from '../errors/log-errors.js'
import type { Cursor } from './cursor.js'
import { readHeader, type Entry } from './headers.js'
import type { Known } from './known.js'
import { SegmentFile } from './segment-file.js'
import { SegmentReading, type SegmentEnd } from './segment-reading.js'
import type { Segments } from './segments.js'
import type { Stretch } from './stretch.js'

/**
 * How often a reader without the lock looks again at an odd tail in the same place, which a writer may just be
 * filling or cutting off.
 */
const SECOND_LOOKS = 5
const SECOND_LOOK_MS = 5

/** How often and after how many milliseconds a reader looks for a moment in which nobody appends. */
const LOCK_LOOKS = 20
const LOCK_LOOK_MS = 1

/** How often all of that is done, and the end read again, before a reader goes on in spite of a writer. */
const MAX_WAITS = 50

/** Where a reading stopped. */
export interface LogEnd {
  readonly cursor: Cursor
  /** Bytes behind it that are not empty room: an append that is just being written, or one that never was finished. */
  readonly torn: number
}

/** Reads the segments one after the other. It only reads, so that it works where nothing may be written. */
export class LogReader {
  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly lock: DiskLock,
  ) {}

  close(): void {
    this.lock.close()
  }

  /** The known place, or the start of a segment, from which a reading reaches a sequence soonest. */
  async startOf(sequence: number): Promise<Cursor> {
    const known = this.known.positions.before(sequence)
    if (known !== this.known.positions.latest || known.sequence + 1 === sequence) return known
    for (let segment = this.segments.last(); segment > known.segment + 1; segment--) {
      const start = await this.startOfSegment(segment)
      if (start.sequence < sequence) return start
    }
    return known
  }

  /** The place behind a segment's header. */
  async startOfSegment(segment: number): Promise<Cursor> {
    return (await this.#enter(segment)).start
  }

  /**
   * Reads a segment again from its start up to a place.
   *
   * @throws {LogCorruptError} when what was read there before is not there any more
   */
  async requireWhole(end: Cursor): Promise<void> {
    const path = this.segments.path(end.segment)
    const following = { start: end, previous: end.hash }
    const start = await this.startOfSegment(end.segment)
    const file = await this.#open(path)
    const reading = new SegmentReading({ file, path, start, following, known: this.known, confirm: null })
    try {
      while ((await readFrom(path, () => reading.next())) !== null);
      const { cursor, fault } = await reading.end()
      if (cursor.hash === end.hash) return
      throw fault ?? new LogCorruptError(path, cursor.offset, `record ${cursor.sequence + 1}`, 'the end')
    } finally {
      await reading.close()
    }
  }

  /**
   * All whole and durable appends from a place to the end of the log.
   *
   * @param isLocked whether the caller holds the append lock, so that nothing changes meanwhile, and makes durable
   * what it finds
   */
  async *stretches(from: Cursor, isLocked: boolean): AsyncGenerator<Stretch, LogEnd> {
    let cursor = from
    for (let looks = 0, waits = 0; ;) {
      // Asked before the segment is read: when the next one is there, nothing is added to this one any more.
      const next = this.segments.exists(cursor.segment + 1) ? await this.#enter(cursor.segment + 1) : null
      const isPatient = waits < MAX_WAITS
      const end = cursor.segment === 0 ? null : yield* this.#segment(cursor, next, isLocked, isPatient)
      if (end !== null && end.cursor.offset > cursor.offset) looks = 0
      if (end !== null) cursor = end.cursor
      if (next !== null) {
        this.#requireContinuity(cursor, end, next)
        yield this.#learn({ start: cursor, facts: [], offsets: [], end: next.start })
        cursor = next.start
        continue
      }
      if (end === null) return { cursor, torn: 0 }
      if (end.isUnconfirmed) {
        if (!isPatient && this.known.durable.hasFailed(cursor.segment)) return { cursor, torn: end.torn }
        waits += 1
        continue
      }
      if (end.fault === null) return { cursor, torn: end.torn }
      // A later segment may have come meanwhile, with which this one ends.
      if (isLocked || looks++ === SECOND_LOOKS) throw end.fault
      await sleep(SECOND_LOOK_MS)
    }
  }

  async *#segment(
    start: Cursor,
    next: Entry | null,
    isLocked: boolean,
    isPatient: boolean,
  ): AsyncGenerator<Stretch, SegmentEnd> {
    const path = this.segments.path(start.segment)
    const file = await this.#open(path)
    const confirm = isLocked ? null : (end: Cursor): Promise<boolean> => this.#confirm(file, end, isPatient)
    const reading = new SegmentReading({ file, path, start, following: next, known: this.known, confirm })
    try {
      for (;;) {
        const stretch = await readFrom(path, () => reading.next())
        if (stretch === null) break
        yield this.#learn(stretch)
      }
      return await readFrom(path, () => reading.end())
    } finally {
      await reading.close()
    }
  }

  /**
   * Makes durable what another process has written, and answers whether it is in the log for good. While a writer holds the
   * lock, it may yet fail to sync what it wrote, and leave it behind. One that holds it for long was probably stopped, and
   * holds up no reader.
   */
  async #confirm(file: DiskFile, end: Cursor, isPatient: boolean): Promise<boolean> {
    for (let looks = 0; looks < LOCK_LOOKS; looks++) {
      if (this.#tryLock()) {
        try {
          if (this.segments.exists(end.segment + 1)) return false
          // This process may have written there itself meanwhile.
          if (!this.known.durable.isSynced(end)) await this.#makeDurable(file, end)
          return true
        } finally {
          this.lock.unlock()
        }
      }
      await sleep(LOCK_LOOK_MS)
    }
    // Nothing may be written beside whoever has the lock, and a sync alone would mean nothing.
    if (isPatient || this.known.durable.hasFailed(end.segment)) return false
    await this.#sync(file, end)
    return true
  }

  async #makeDurable(file: DiskFile, end: Cursor): Promise<void> {
    const { durable } = this.known
    if (!durable.hasFailed(end.segment)) return this.#sync(file, end)
    const writable = new SegmentFile(end.segment, this.segments.path(end.segment), this.segments.disk)
    try {
      await writable.writeAgain(durable.unprovenFrom(end.segment), end)
      await this.#sync(writable, end)
      durable.markProven(end)
    } finally {
      writable.close()
    }
  }

  async #sync(file: Pick<DiskFile, 'sync'>, end: Cursor): Promise<void> {
    try {
      await file.sync()
    } catch (cause) {
      this.known.durable.fail(end.segment)
      throw cause
    }
    this.known.durable.markSynced(end)
  }

  #tryLock(): boolean {
    try {
      return this.lock.tryLock()
    } catch (error) {
      // Who may not write the lock's file reads what is there; it has nothing to append to it.
      if (isCoppiceError(error, 'lock-failed')) return true
      throw error
    }
  }

  async #enter(segment: number): Promise<Entry> {
    const path = this.segments.path(segment)
    const file = await this.#open(path)
    try {
      const entry = await readFrom(path, async () => readHeader(file, path, segment))
      // Nothing gets the name of a segment before its header, and all in front of it, are durable.
      this.known.durable.markProven(entry.start)
      return entry
    } finally {
      file.close()
    }
  }

  #open(path: string): Promise<DiskFile> {
    return readFrom(path, async () => this.segments.disk.open(path, 'read'))
  }

  #learn(stretch: Stretch): Stretch {
    this.known.heads.observe(stretch, this.segments.path(stretch.end.segment))
    this.known.positions.add(stretch.end)
    return stretch
  }

  /** A segment ends where the next one says it does; what follows there was never acknowledged. */
  #requireContinuity(cursor: Cursor, end: SegmentEnd | null, { start, previous }: Entry): void {
    if (cursor.sequence === start.sequence && cursor.hash === previous) return
    if (end !== null && end.fault !== null) throw end.fault
    if (cursor.sequence < start.sequence && end !== null) {
      const path = this.segments.path(cursor.segment)
      throw new LogCorruptError(
        path,
        cursor.offset,
        `record ${cursor.sequence + 1}`,
        'the end of the segment',
      )
    }
    const path = this.segments.path(start.segment)
    throw new LogCorruptError(path, 0, `a header that continues at ${cursor.sequence + 1}`, 'another one')
  }
}

async function readFrom<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isCoppiceError(error) ? error : new LogReadError(path, error)
  }
}
