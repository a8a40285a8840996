import type { RecordedFact } from '@coppice/core'
import { LogCorruptError, LogReadOnlyError, LogSyncError } from '../errors/log-errors.js'
import { NEWLINE } from '../format/line.js'
import { createSegment } from './create-segment.js'
import type { Cursor } from './cursor.js'
import type { Known } from './known.js'
import type { Group } from './plan.js'
import type { LogEnd, LogReader } from './reader.js'
import { SegmentFile } from './segment-file.js'
import type { Segments } from './segments.js'
import { keepAside, withoutRoom } from './torn-tail.js'

/** Room that is reserved at a time, at most. */
const ROOM = Buffer.alloc(262_144, NEWLINE)

export interface GroupWritten {
  /** How many of the group's appends are in the log and durable. */
  readonly landed: number
  /** Why the others are not. */
  readonly cause: unknown
}

/** Writes at the end of the log. All of it happens under the append lock. */
export class LogWriter {
  #file: SegmentFile | null = null
  /** Of the file, when it was last seen to end where the log ends. */
  #size = 0
  #bytesWritten = 0
  /** The segment in which a sync failed, to which nothing is written any more. */
  #suspect: number | null = null

  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly reader: LogReader,
    private readonly segmentBytes: number,
  ) {}

  /**
   * Reads what others have appended since, cuts off what a writer that died left unfinished, makes the rest durable,
   * and begins a new segment where it is time.
   */
  async catchUp(): Promise<void> {
    const { end } = this.known.heads
    if (this.#suspect === null && end.offset < this.segmentBytes && this.#isAtEnd()) return
    if (this.#suspect === null) await this.#readOn()
    else await this.#verifySuspect(this.#suspect)
    const { segment, offset } = this.known.heads.end
    if (segment === 0 || segment === this.#suspect || offset >= this.segmentBytes) await this.#roll()
    // What was acknowledged would be written over if anything had been overlooked.
    if (this.#isAtEnd()) return
    throw new LogCorruptError(this.segments.path(segment), offset, 'the end of the log', 'something else')
  }

  /**
   * Writes a group in one go and makes it durable. Where the disk is full, whole appends that were
   * written before it stay, since others may have read them; the rest is taken back.
   *
   * @throws {LogSyncError} when it could not be made durable; none of it is in the log then
   */
  async write({ start, appends, bytes }: Group): Promise<GroupWritten> {
    if (bytes.length === 0) return { landed: appends.length, cause: null }
    const file = await this.#open(start.segment)
    const written = file.write(bytes, start.offset)
    const reached = start.offset + written.bytes
    const landed = appends.findLastIndex((append) => append.end.offset <= reached) + 1
    const end = appends[landed - 1]?.end ?? start
    const cause = landed < appends.length ? takeBack(file, end.offset, written.cause) : null
    if (end.offset === start.offset) return { landed, cause }
    const size = cause === null ? this.#reserveRoom(file, end.offset) : end.offset
    try {
      await file.sync()
    } catch (error) {
      this.#suspect = start.segment
      const failure = takeBack(file, start.offset, error)
      // What could not be taken back may be read, and is not durable: nothing may be chained to it.
      throw failure === error ? new LogSyncError(file.path, error) : new LogReadOnlyError(file.path, failure)
    }
    this.#bytesWritten += end.offset - start.offset
    const facts = appends.slice(0, landed).flatMap(({ answer }) => (Array.isArray(answer) ? answer : []))
    this.#learn(start, facts, end)
    if (size > this.#size) this.known.room.mark(end, size)
    this.#size = size
    return { landed, cause }
  }

  /** Whether this process may have reserved room. */
  get hasReserved(): boolean {
    return this.#file !== null && this.#bytesWritten > 0
  }

  /** Gives back the room that is reserved, if nobody has written since. Called under the lock. */
  giveBackRoom(): void {
    try {
      if (this.#isAtEnd()) this.#file?.truncate(this.known.heads.end.offset)
    } catch {
      // Room that stays is read as what it is, and the next one who appends tells what is wrong with the file.
    }
  }

  close(): void {
    this.#file?.close()
    this.#file = null
  }

  /**
   * Writes empty lines behind the end where it makes the segment grow, and answers with the segment's size: a sync takes
   * about half as long while that stays as it is. A process reserves no more than it has written, so that a short
   * one reserves nothing. Where the disk has no room for more, there is just less of it.
   */
  #reserveRoom(file: SegmentFile, end: number): number {
    if (end <= this.#size) return this.#size
    const length = Math.min(ROOM.length, this.#bytesWritten, this.segmentBytes - end)
    return end + (length > 0 ? file.write(ROOM.subarray(0, length), end).bytes : 0)
  }

  #isAtEnd(): boolean {
    const { segment, offset } = this.known.heads.end
    if (this.#file === null || this.#file.segment !== segment) return false
    const size = this.#file.size()
    this.#size = size
    // Room is cut off before the next segment is made, so where there is room there is no next segment.
    if (size > offset) return this.#file.isRoomAt(offset)
    return size === offset && !this.segments.exists(segment + 1)
  }

  async #readOn(): Promise<void> {
    const { cursor, torn } = await this.#readToEnd(this.known.heads.end)
    if (cursor.segment === 0) return
    const file = await this.#open(cursor.segment)
    if (torn > 0) {
      const bytes = withoutRoom(await file.read(cursor.offset))
      await keepAside(this.segments, cursor.segment, cursor.offset, bytes)
      file.truncate(cursor.offset)
    }
    // Its writer may have died before its sync, and what comes next says that all before it is durable.
    if (!this.known.durable.covers(cursor)) await syncOrStop(file)
    this.known.durable.mark(cursor)
  }

  /** Reads the segment in which a sync failed again, from its start: all that was acknowledged has to be there. */
  async #verifySuspect(segment: number): Promise<void> {
    this.close()
    const { end } = this.known.heads
    const { cursor } = await this.#readToEnd(await this.reader.startOfSegment(segment))
    if (cursor.segment > segment) this.#suspect = null
    if (cursor.sequence >= end.sequence) return
    const found = `${cursor.sequence} records instead of ${end.sequence}`
    throw new LogReadOnlyError(this.segments.path(segment), new Error(found))
  }

  async #readToEnd(from: Cursor): Promise<LogEnd> {
    const stretches = this.reader.stretches(from, true)
    for (;;) {
      const next = await stretches.next()
      if (next.done === true) return next.value
    }
  }

  /** Begins the next segment, once all of the one before it is durable. */
  async #roll(): Promise<void> {
    const start = this.known.heads.end
    if (start.segment > 0 && start.segment !== this.#suspect) {
      const file = await this.#open(start.segment)
      file.truncate(start.offset)
      await syncOrStop(file)
    }
    let end: Cursor
    try {
      end = await createSegment(this.segments, start)
    } catch (cause) {
      if (this.#suspect === null) throw cause
      throw new LogReadOnlyError(this.segments.path(start.segment + 1), cause)
    }
    this.#suspect = null
    await this.#open(end.segment)
    this.#learn(start, [], end)
  }

  async #open(segment: number): Promise<SegmentFile> {
    if (this.#file?.segment === segment) return this.#file
    this.close()
    const file = new SegmentFile(segment, this.segments.path(segment), this.segments.disk)
    this.#file = file
    try {
      // Whoever made the segment may have died before its name was durable.
      await this.segments.syncNames()
    } catch (cause) {
      throw new LogReadOnlyError(file.path, cause)
    }
    return file
  }

  #learn(start: Cursor, facts: readonly RecordedFact[], end: Cursor): void {
    this.known.heads.observe({ start, facts, offsets: [], end }, this.segments.path(end.segment))
    this.known.positions.add(end)
    this.known.durable.mark(end)
  }
}

async function syncOrStop(file: SegmentFile): Promise<void> {
  try {
    await file.sync()
  } catch (cause) {
    throw new LogReadOnlyError(file.path, cause)
  }
}

/**
 * Cuts off what a failed write left, and answers with the failure. If that fails too, the next writer
 * finds a torn tail and cuts it off.
 */
function takeBack(file: SegmentFile, size: number, cause: unknown): unknown {
  try {
    file.truncate(size)
    return cause
  } catch (error) {
    return new AggregateError([cause, error], 'the write failed, and so did taking it back')
  }
}
