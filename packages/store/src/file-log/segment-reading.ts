import type { DiskFile } from '../disk/disk.js'
import { LogCorruptError, type LogVersionError } from '../errors/log-errors.js'
import type { LineChecker } from '../checker/line-checker.js'
import { ChunkReader } from './chunk-reader.js'
import type { Cursor } from './cursor.js'
import type { Entry } from './headers.js'
import type { Known } from './known.js'
import { SegmentDecoder } from './segment-decoder.js'
import { splitAfter, type Stretch } from './stretch.js'
import { tailOf } from './torn-tail.js'

export interface SegmentEnd {
  readonly cursor: Cursor
  /** Bytes behind it that an interrupted write left. */
  readonly torn: number
  /** Whether appends were found behind it of which is not known yet whether they stay. */
  readonly isUnconfirmed: boolean
  /** Why what is behind it is neither empty nor left by an interrupted write. */
  readonly fault: LogCorruptError | LogVersionError | null
}

export interface SegmentReadingParts {
  readonly file: DiskFile
  readonly path: string
  readonly start: Cursor
  /** The segment that comes after it. */
  readonly following: Entry | null
  readonly known: Known
  readonly checker: LineChecker
  /** Makes the appends before a place durable and answers whether they stay; null where the caller sees to it. */
  readonly confirm: ((end: Cursor) => Promise<boolean>) | null
}

/** One pass through one segment. */
export class SegmentReading {
  readonly #chunks: ChunkReader
  readonly #decoder: SegmentDecoder
  /** Decoded, and not yet known to stay in the log. */
  #held: Stretch | null = null
  #isUnconfirmed = false

  constructor(private readonly parts: SegmentReadingParts) {
    const { file, path, start, following, checker } = parts
    this.#chunks = new ChunkReader(file, start, checker)
    this.#decoder = new SegmentDecoder(path, start, following?.start.sequence ?? Number.POSITIVE_INFINITY)
  }

  /**
   * The next appends, or null at the segment's end. Those of the last segment are held back until it is known that they
   * stay: another process may have written them and died before its sync, or may yet fail to sync them.
   */
  async next(): Promise<Stretch | null> {
    if (this.#isUnconfirmed) return null
    const stretch = await this.#decodeNext()
    if (this.parts.following !== null || this.parts.confirm === null) return stretch
    const held = this.#held
    this.#held = stretch
    if (held === null) return stretch === null ? null : this.next()
    if (await this.#staysUpTo(held.end)) return held
    this.#isUnconfirmed = true
    const [certain, rest] = splitAfter(held, this.#decoder.synced)
    this.#held = rest
    return certain
  }

  /** What is behind the last whole append. */
  async end(): Promise<SegmentEnd> {
    const { end: cursor, fault, offset } = this.#decoder
    const { file, following, known } = this.parts
    if (following !== null) return { cursor, torn: 0, isUnconfirmed: false, fault }
    const size = file.size()
    if (this.#isUnconfirmed && this.#held !== null) {
      const { start } = this.#held
      return { cursor: start, torn: size - start.offset, isUnconfirmed: true, fault: null }
    }
    if (size < cursor.offset) throw this.#tooShort(size)
    if (size === cursor.offset) return { cursor, torn: 0, isUnconfirmed: false, fault: null }
    // A writer that died since may have left a part of a write in the room, but never one that begins with an empty line.
    if (this.#decoder.isAtRoom && known.room.covers(cursor, size))
      return { cursor, torn: 0, isUnconfirmed: false, fault: null }
    const rest = Buffer.allocUnsafe(Math.max(size - offset, 0))
    const tail = tailOf(rest.subarray(0, await file.read(rest, offset)), cursor.sequence)
    if (tail === 'room' && offset === cursor.offset) {
      known.room.mark(cursor, size)
      return { cursor, torn: 0, isUnconfirmed: false, fault: null }
    }
    if (tail === 'damaged')
      return { cursor, torn: 0, isUnconfirmed: false, fault: fault ?? this.#emptied(offset) }
    return { cursor, torn: size - cursor.offset, isUnconfirmed: false, fault: null }
  }

  /** Closes the file, once nothing reads from it any more. */
  async close(): Promise<void> {
    await this.#chunks.settled()
    this.parts.file.close()
  }

  async #decodeNext(): Promise<Stretch | null> {
    while (!this.#decoder.isDone) {
      const chunk = await this.#chunks.next()
      const stretch = this.#decoder.feed(chunk)
      const { provenOffset: offset } = this.#decoder
      if (offset !== null) this.parts.known.durable.markProven({ segment: stretch.end.segment, offset })
      if (stretch.facts.length > 0) return stretch
      if (chunk.isLast) break
    }
    return null
  }

  /** Later records say what was synced before them; where there are none, it has to be done. */
  async #staysUpTo(end: Cursor): Promise<boolean> {
    const { durable } = this.parts.known
    return durable.isSynced(end) || (await this.parts.confirm?.(end)) === true
  }

  #emptied(offset: number): LogCorruptError {
    const record = this.#decoder.end.sequence + 1
    return new LogCorruptError(
      this.parts.path,
      offset,
      `record ${record}`,
      'nothing, with later records behind it',
    )
  }

  #tooShort(size: number): LogCorruptError {
    return new LogCorruptError(this.parts.path, size, `${this.parts.start.offset} bytes or more`, `${size}`)
  }
}
