import type { DiskFile } from '../disk/disk.js'
import { LogCorruptError, type LogVersionError } from '../errors/log-errors.js'
import { ChunkReader } from './chunk-reader.js'
import type { Cursor } from './cursor.js'
import type { Entry } from './headers.js'
import type { Known } from './known.js'
import { SegmentDecoder } from './segment-decoder.js'
import type { Stretch } from './stretch.js'
import { tailOf } from './torn-tail.js'

export interface SegmentEnd {
  readonly cursor: Cursor
  /** Bytes behind it that an interrupted write left. */
  readonly torn: number
  /** Why what is behind it is neither empty nor left by an interrupted write. */
  readonly fault: LogCorruptError | LogVersionError | null
}

/** One pass through one segment. */
export class SegmentReading {
  readonly #chunks: ChunkReader
  readonly #decoder: SegmentDecoder
  #held: Stretch | null = null

  constructor(
    private readonly file: DiskFile,
    private readonly path: string,
    private readonly start: Cursor,
    private readonly following: Entry | null,
    private readonly known: Known,
  ) {
    this.#chunks = new ChunkReader(file, start)
    this.#decoder = new SegmentDecoder(path, start, following?.start.sequence ?? Number.POSITIVE_INFINITY)
  }

  /**
   * The next appends, or null at the segment's end. Those of the last segment are held back until they are known to be
   * durable: another process may have written them and died before its sync.
   */
  async next(isLocked: boolean): Promise<Stretch | null> {
    for (;;) {
      const stretch = await this.#decodeNext()
      if (this.following !== null || isLocked) return stretch
      const held = this.#held
      this.#held = stretch
      if (held === null && stretch !== null) continue
      if (held !== null) await this.#makeDurable(held.end)
      return held
    }
  }

  /** What is behind the last whole append. */
  async end(): Promise<SegmentEnd> {
    const { end: cursor, fault, offset } = this.#decoder
    if (this.following !== null) return { cursor, torn: 0, fault }
    const { size } = this.file.stat()
    if (size < cursor.offset) throw this.#tooShort(size)
    if (size === cursor.offset) return { cursor, torn: 0, fault: null }
    // A writer that died since may have left a part of a write in the room, but never one that begins with an empty line.
    if (this.#decoder.isAtRoom && this.known.room.covers(cursor, size))
      return { cursor, torn: 0, fault: null }
    const rest = Buffer.allocUnsafe(Math.max(size - offset, 0))
    const tail = tailOf(rest.subarray(0, await this.file.read(rest, offset)), cursor.sequence)
    if (tail === 'room' && offset === cursor.offset) {
      this.known.room.mark(cursor, size)
      return { cursor, torn: 0, fault: null }
    }
    if (tail === 'damaged') return { cursor, torn: 0, fault: fault ?? this.#emptied(offset) }
    return { cursor, torn: size - cursor.offset, fault: null }
  }

  /** Closes the file, once nothing reads from it any more. */
  async close(): Promise<void> {
    await this.#chunks.settled()
    this.file.close()
  }

  async #decodeNext(): Promise<Stretch | null> {
    while (!this.#decoder.isDone) {
      const chunk = await this.#chunks.next()
      const stretch = this.#decoder.feed(chunk)
      if (stretch.facts.length > 0) return stretch
      if (chunk.isLast) break
    }
    return null
  }

  async #makeDurable(end: Cursor): Promise<void> {
    if (this.known.durable.covers(end)) return
    if (this.#decoder.synced < end.sequence) await this.file.sync()
    this.known.durable.mark(end)
  }

  #emptied(offset: number): LogCorruptError {
    const record = this.#decoder.end.sequence + 1
    return new LogCorruptError(this.path, offset, `record ${record}`, 'nothing, with later records behind it')
  }

  #tooShort(size: number): LogCorruptError {
    return new LogCorruptError(this.path, size, `${this.start.offset} bytes or more`, `${size}`)
  }
}
