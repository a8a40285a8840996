import { setTimeout as sleep } from 'node:timers/promises'
import type { DiskFile } from '../disk/disk.js'
import { LogCorruptError } from '../errors/log-errors.js'
import type { LineChecker } from '../checker/line-checker.js'
import type { Confirmer } from './confirmer.js'
import type { Cursor } from './cursor.js'
import { enterSegment } from './enter-segment.js'
import type { Entry } from './headers.js'
import type { Known } from './known.js'
import { readFrom } from './read-from.js'
import { holdsLine } from './segment-file.js'
import { SegmentReading, type SegmentEnd } from './segment-reading.js'
import type { Segments } from './segments.js'
import type { Stretch } from './stretch.js'

/**
 * How often a reader without the lock looks again at an odd tail in the same place, which a writer may just be
 * filling or cutting off.
 */
const SECOND_LOOKS = 5
const SECOND_LOOK_MS = 5

/** How often a reader asks whether the end stays, and reads it again, before it ends in front of what a writer is at. */
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
    private readonly confirmer: Confirmer,
    private readonly checker: LineChecker,
  ) {}

  close(): Promise<void> {
    return this.confirmer.close()
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
    return (await enterSegment(this.segments, this.known, segment)).start
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
    const { known, checker } = this
    const reading = new SegmentReading({ file, path, start, following, known, checker, confirm: null })
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
    const { sequence: known } = this.known.positions.latest
    for (let looks = 0, waits = 0; ;) {
      // Asked before the segment is read: when the next one is there, nothing is added to this one any more.
      const next = this.segments.exists(cursor.segment + 1)
        ? await enterSegment(this.segments, this.known, cursor.segment + 1)
        : null
      const end = cursor.segment === 0 ? null : yield* this.#segment(cursor, next, isLocked)
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
        if (waits++ < MAX_WAITS) continue
        return { cursor, torn: end.torn }
      }
      const fault = end.fault ?? (cursor.sequence < known ? this.#tooShort(cursor) : null)
      if (fault === null) return { cursor, torn: end.torn }
      // A later segment may have come meanwhile, with which this one ends.
      if (isLocked || looks++ === SECOND_LOOKS) throw fault
      await sleep(SECOND_LOOK_MS)
    }
  }

  async *#segment(start: Cursor, next: Entry | null, isLocked: boolean): AsyncGenerator<Stretch, SegmentEnd> {
    const path = this.segments.path(start.segment)
    const file = await this.#open(path)
    const confirm = isLocked ? null : (end: Cursor): Promise<boolean> => this.confirmer.confirm(file, end)
    const { known, checker } = this
    const reading = new SegmentReading({ file, path, start, following: next, known, checker, confirm })
    try {
      await readFrom(path, async () => requireLine(file, path, start))
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

  #open(path: string): Promise<DiskFile> {
    return readFrom(path, async () => this.segments.disk.open(path, 'read'))
  }

  #tooShort({ segment, offset, sequence }: Cursor): LogCorruptError {
    const path = this.segments.path(segment)
    return new LogCorruptError(path, offset, `record ${sequence + 1}`, 'the end of the log')
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

/** A file may have been put back to what it was earlier, and gone on from there. */
function requireLine(file: DiskFile, path: string, place: Cursor): void {
  if (holdsLine(file, place)) return
  throw new LogCorruptError(path, place.offset, `the end of record ${place.sequence}`, 'something else')
}
