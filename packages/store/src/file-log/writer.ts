import type { RecordedFact } from '@coppice/core'
import { LogCorruptError, LogReadOnlyError } from '../errors/log-errors.js'
import { createSegment } from './create-segment.js'
import type { Cursor } from './cursor.js'
import { syncNames } from './directories.js'
import type { LogIo } from './io.js'
import type { Known } from './known.js'
import type { Planned } from './plan.js'
import type { LogEnd, LogReader } from './reader.js'
import { SegmentFile } from './segment-file.js'
import type { Segments } from './segments.js'
import { keepAside } from './torn-tail.js'

export interface GroupWritten {
  /** How many of the group's appends are in the log and durable. */
  readonly landed: number
  /** Why the others are not. */
  readonly cause: unknown
}

/** Writes at the end of the log. All of it happens under the append lock. */
export class LogWriter {
  #file: SegmentFile | null = null

  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly reader: LogReader,
    private readonly io: LogIo,
  ) {}

  /** Reads what others have appended since, and cuts off what a writer that died left unfinished. */
  async catchUp(): Promise<void> {
    if (this.#isAtEnd()) return
    const { cursor, torn } = await this.#readToEnd()
    if (cursor.segment === 0) return
    const file = this.#open(cursor.segment)
    if (torn === 0) return
    keepAside(this.segments, cursor.segment, cursor.offset, file.read(cursor.offset, torn))
    file.truncate(cursor.offset)
  }

  /** Begins the next segment, once all of the one before it is durable. */
  async roll(): Promise<void> {
    await this.#file?.sync()
    const start = this.known.heads.end
    const end = createSegment(this.segments, start)
    this.#open(end.segment)
    this.#learn(start, [], end)
  }

  /**
   * Writes a group in one go and makes it durable. Where the disk is full, whole appends that were
   * written before it stay, since others may have read them; the rest is taken back.
   *
   * @throws {LogReadOnlyError} when it could not be made durable; none of it is in the log then
   */
  async write(group: readonly Planned[]): Promise<GroupWritten> {
    const start = this.known.heads.end
    const bytes = Buffer.from(group.map(({ text }) => text).join(''))
    if (bytes.length === 0) return { landed: group.length, cause: null }
    const file = this.#open(start.segment)
    // The chain would break here for good if anything had been overlooked.
    if (file.size() !== start.offset)
      throw new LogCorruptError(file.path, start.offset, 'the end', `${file.size()} bytes`)
    const written = file.append(bytes)
    const reached = start.offset + written.bytes
    const landed = group.findLastIndex(({ end }) => end.offset <= reached) + 1
    const end = group[landed - 1]?.end ?? start
    const cause = end.offset < reached ? takeBack(file, end.offset, written.cause) : written.cause
    if (end === start) return { landed, cause }
    try {
      await file.sync()
    } catch (error) {
      if (error instanceof LogReadOnlyError) takeBack(file, start.offset, error)
      throw error
    }
    const facts = group.slice(0, landed).flatMap(({ answer }) => (Array.isArray(answer) ? answer : []))
    this.#learn(start, facts, end)
    return { landed, cause }
  }

  close(): void {
    this.#file?.close()
    this.#file = null
  }

  #isAtEnd(): boolean {
    const { segment, offset } = this.known.heads.end
    if (this.#file === null || this.#file.segment !== segment) return false
    return this.#file.size() === offset && !this.segments.exists(segment + 1)
  }

  async #readToEnd(): Promise<LogEnd> {
    const stretches = this.reader.stretches(this.known.heads.end, true)
    for (;;) {
      const next = await stretches.next()
      if (next.done === true) return next.value
    }
  }

  #open(segment: number): SegmentFile {
    if (this.#file?.segment === segment) return this.#file
    this.close()
    const file = new SegmentFile(segment, this.segments.path(segment), this.io)
    this.#file = file
    try {
      // Whoever made the segment may have died before its name was durable.
      syncNames(this.segments.directory)
    } catch (cause) {
      throw new LogReadOnlyError(file.path, cause)
    }
    return file
  }

  #learn(start: Cursor, facts: readonly RecordedFact[], end: Cursor): void {
    this.known.heads.observe({ start, facts, offsets: [], end }, this.segments.path(end.segment))
    this.known.positions.add(end)
    this.known.durable.mark(end.segment, end.offset)
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
