import type { DiskFile } from '../disk/disk.js'
import { goodLines } from '../format/good-lines.js'
import { LINK_BYTES, linkAfter, NEWLINE } from '../format/line.js'
import type { Cursor } from './cursor.js'

/** Most readings find a few new records or none, and the others are long. */
const FIRST_CHUNK_BYTES = 16_384
const CHUNK_BYTES = 262_144

/** What most parts begin with is shorter, so that a buffer once made is large enough for the next. */
const SPARE_BYTES = 16_384

const EMPTY = Buffer.alloc(0)

/** A part of a segment that begins with a line; what is no whole line at its end begins the next part too. */
export interface Chunk {
  /** The link in front of the first line, and the lines. */
  readonly buffer: Buffer
  /** How much of it is good, as `goodLines` counts. */
  readonly good: number
  /** Whether the file ended with it. */
  readonly isLast: boolean
}

type Bytes = Omit<Chunk, 'good'>

/**
 * Reads a segment part by part. The disk reads on while one part is checked and decoded; two buffers take turns, so that
 * a part is there until the next but one is asked for.
 */
export class ChunkReader {
  /** What the next chunk begins with: the link in front of its first line, and what there is of that line. */
  #begun: Buffer
  #offset: number
  #length = FIRST_CHUNK_BYTES
  #ahead: Promise<Bytes> | null = null
  /** The one that is read into next, and the other one. */
  #buffers: readonly [Buffer, Buffer] = [EMPTY, EMPTY]

  constructor(
    private readonly file: DiskFile,
    start: Cursor,
  ) {
    this.#begun = Buffer.from(linkAfter(start.hash))
    this.#offset = start.offset
  }

  async next(): Promise<Chunk> {
    const bytes = await (this.#ahead ?? this.#read())
    this.#ahead = bytes.isLast ? null : this.#read()
    // Who awaits it gets the error; nobody may, when the reading ends before.
    this.#ahead?.catch(() => undefined)
    return { ...bytes, good: goodLines(bytes.buffer) }
  }

  /** Resolves when nothing is being read any more. */
  async settled(): Promise<void> {
    await this.#ahead?.catch(() => undefined)
  }

  async #read(): Promise<Bytes> {
    const begun = this.#begun.length
    const length = this.#length
    const buffer = this.#nextBuffer(begun + length)
    this.#begun.copy(buffer)
    const count = await this.file.read(buffer.subarray(begun, begun + length), this.#offset)
    const bytes = buffer.subarray(0, begun + count)
    this.#offset += count
    this.#length = CHUNK_BYTES
    this.#begun = bytes.subarray(Math.max(bytes.lastIndexOf(NEWLINE) + 1 - LINK_BYTES, 0))
    return { buffer: bytes, isLast: count < length }
  }

  #nextBuffer(length: number): Buffer {
    const [free, other] = this.#buffers
    const buffer = free.length >= length ? free : Buffer.allocUnsafeSlow(length + SPARE_BYTES)
    this.#buffers = [other, buffer]
    return buffer
  }
}
