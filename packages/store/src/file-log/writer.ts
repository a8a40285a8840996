import type { RecordedFact } from '@coppice/core'
import { LogCorruptError, LogReadOnlyError, LogSyncError } from '../errors/log-errors.js'
import { NEWLINE } from '../format/line.js'
import { createSegment } from './create-segment.js'
import type { Cursor } from './cursor.js'
import { unprovenFrom } from './enter-segment.js'
import type { Known } from './known.js'
import { endOf, type Group, type Planned } from './plan.js'
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

/**
 * Writes at the end of the log. All of it happens under the append lock. What was written and not acknowledged is never
 * written over, because a power cut could leave any mixture of the two: what comes next goes into a new segment.
 */
export class LogWriter {
  #file: SegmentFile | null = null
  /** Of the file, when it was last asked for or written: another process may have cut its empty lines off since. */
  #size = 0
  #bytesWritten = 0

  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly reader: LogReader,
    private readonly segmentBytes: number,
  ) {}

  /**
   * Reads what others have appended since, makes it durable, and begins a new segment where it is time, or where a
   * writer that died or ran out of room has left a write unfinished. Answers with the place where the next write begins.
   */
  async catchUp(): Promise<Cursor> {
    const { end } = this.known.heads
    if (end.offset < this.segmentBytes && this.known.durable.isProven(end) && this.#isAt(end)) return end
    // From here on only what was read counts: what is known may be forgotten at any time.
    const { cursor, torn } = await this.#readOn(end)
    if (torn > 0) return this.#leaveTorn(cursor)
    if (cursor.segment === 0 || cursor.offset >= this.segmentBytes) return this.#roll(cursor)
    await this.#open(cursor.segment)
    if (this.#isAt(cursor)) return cursor
    // What was acknowledged would be written over if anything had been overlooked.
    const path = this.segments.path(cursor.segment)
    throw new LogCorruptError(path, cursor.offset, 'the end of the log', 'something else')
  }

  /**
   * Writes a group in one go and makes it durable. Where the disk is full, whole appends that were written before it
   * stay, since others may have read them.
   *
   * @param meanwhile is done while the group is being synced
   * @throws {LogSyncError} when it could not be made durable; none of it is in the log then
   * @throws {LogReadOnlyError} when it could not be made durable, and may be in the log
   */
  async write(group: Group, meanwhile: (() => void) | null): Promise<GroupWritten> {
    const { start, appends, bytes, versions } = group
    if (bytes.length === 0) return { landed: appends.length, cause: null }
    const file = await this.#open(start.segment)
    const written = file.write(bytes, start.offset)
    const reached = wholeUpTo(file, start.offset + written.bytes, written.bytes < bytes.length)
    const landed = appends.findLastIndex((append) => append.end <= reached) + 1
    const end = endOf(group, landed)
    if (end.offset === start.offset) return { landed, cause: written.cause }
    const isWhole = landed === appends.length
    // While others are prepared meanwhile, the sync may take its time.
    const size = isWhole && meanwhile === null ? this.#reserveRoom(file, end.offset) : end.offset
    try {
      const syncing = file.sync(meanwhile !== null)
      meanwhile?.()
      await syncing
    } catch (error) {
      this.known.durable.fail(start.segment)
      await this.#leaveUnsynced(start, error)
      throw new LogSyncError(file.path, error)
    }
    this.#bytesWritten += end.offset - start.offset
    this.#learn(start, isWhole ? versions : versionsOf(appends.slice(0, landed)), end)
    if (isWhole && size > this.#size) this.known.room.mark(end, size)
    this.#size = size
    return { landed, cause: written.cause }
  }

  /** Whether this process may have reserved room. */
  get hasReserved(): boolean {
    return this.#file !== null && this.#bytesWritten > 0
  }

  /** Gives back the room that is reserved, if nobody has written since. Called under the lock. */
  giveBackRoom(): void {
    try {
      const { end } = this.known.heads
      if (this.#isAt(end)) this.#file?.truncate(end.offset)
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

  /** Whether the log ends at a place in the file that is open. */
  #isAt(end: Cursor): boolean {
    if (this.#file === null || this.#file.segment !== end.segment) return false
    this.#file.requireNamed()
    return this.#file.endsAt(end) && !this.segments.exists(end.segment + 1)
  }

  async #readOn(from: Cursor): Promise<LogEnd> {
    const stretches = this.reader.stretches(from, true)
    let next = await stretches.next()
    while (next.done !== true) next = await stretches.next()
    const { cursor } = next.value
    if (cursor.segment > 0 && !this.known.durable.isProven(cursor)) {
      // Its writer may have died before its sync, and what comes next says that all before it is durable.
      const file = await this.#open(cursor.segment)
      await file.writeAgain(await unprovenFrom(this.segments, this.known, cursor.segment), cursor)
      await this.#syncOrStop(file)
      this.known.durable.markProven(cursor)
    }
    return next.value
  }

  /** Keeps an unfinished write aside and cuts it off, once there is a new segment and nobody writes there any more. */
  async #leaveTorn(end: Cursor): Promise<Cursor> {
    const file = await this.#open(end.segment)
    await keepAside(this.segments, end.segment, end.offset, withoutRoom(await file.read(end.offset)))
    const next = await this.#beginSegment(end)
    const left = this.segments.disk.open(file.path, 'write')
    left.truncate(end.offset)
    left.close()
    return next
  }

  /**
   * Leaves what could not be synced behind, in a segment to which nothing is written any more: the next one says that
   * this one ends before it. All that was acknowledged has to be there.
   */
  async #leaveUnsynced(end: Cursor, cause: unknown): Promise<void> {
    const path = this.segments.path(end.segment)
    try {
      await this.reader.requireWhole(end)
      await this.#beginSegment(end)
    } catch (error) {
      throw new LogReadOnlyError(path, new AggregateError([cause, error], messageOf(cause)))
    }
  }

  /** Begins the next segment, once all of the one before it is durable. */
  async #roll(end: Cursor): Promise<Cursor> {
    if (end.segment > 0) {
      const file = await this.#open(end.segment)
      file.truncate(end.offset)
      await this.#syncOrStop(file)
    }
    return this.#beginSegment(end)
  }

  async #beginSegment(after: Cursor): Promise<Cursor> {
    const start = await createSegment(this.segments, after)
    await this.#open(start.segment)
    this.#learn(after, new Map(), start)
    return start
  }

  async #syncOrStop(file: SegmentFile): Promise<void> {
    try {
      await file.sync()
    } catch (cause) {
      this.known.durable.fail(file.segment)
      throw new LogReadOnlyError(file.path, cause)
    }
  }

  async #open(segment: number): Promise<SegmentFile> {
    if (this.#file?.segment === segment) return this.#file
    this.close()
    const file = new SegmentFile(segment, this.segments.path(segment), this.segments.disk)
    try {
      // Whoever made the segment may have died before its name was durable.
      await this.segments.syncNames()
    } catch (cause) {
      file.close()
      // What could not even be opened has not failed to sync, and can be tried again.
      throw (cause as NodeJS.ErrnoException).syscall === 'open'
        ? cause
        : new LogReadOnlyError(file.path, cause)
    }
    this.#file = file
    this.#size = file.size()
    return file
  }

  #learn(start: Cursor, versions: ReadonlyMap<string, number>, end: Cursor): void {
    this.known.heads.advance(start, versions, end)
    this.known.positions.add(end)
    this.known.durable.markProven(end)
  }
}

/**
 * Up to where lines may be whole after a write. Where only the end of a line did not fit, the reserved room behind it is
 * that end.
 *
 * @throws {LogReadOnlyError} when that cannot be said, so that what is refused might be there
 */
function wholeUpTo(file: SegmentFile, reached: number, isShort: boolean): number {
  try {
    return isShort && file.size() > reached ? reached + 1 : reached
  } catch (cause) {
    throw new LogReadOnlyError(file.path, cause)
  }
}

function versionsOf(appends: readonly Planned[]): ReadonlyMap<string, number> {
  const facts = appends.flatMap(({ answer }) => (Array.isArray(answer) ? (answer as RecordedFact[]) : []))
  return new Map(facts.map(({ stream, version }) => [stream, version]))
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
