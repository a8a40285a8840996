import type { DiskFile } from '../disk/disk.js'
import { LINK_BYTES, linkAfter, NEWLINE } from '../format/line.js'
import { sharedBuffer, type LineChecker } from '../checker/line-checker.js'
import type { Cursor } from './cursor.js'

/** Most readings find a few new records or none, and the others are long. */
const FIRST_CHUNK_BYTES = 16_384
const CHUNK_BYTES = 262_144

/** What most parts begin with is shorter, so that a buffer once made is large enough for the next. */
const SPARE_BYTES = 16_384

/** One that is checked, and one that is read. */
const PARTS_AHEAD = 2

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
 * Reads a segment part by part. While one part is decoded, the next one is checked and the one after it is read; three
 * buffers take turns, so that a part is there until the next one is asked for.
 */
export class ChunkReader {
  /** What the next chunk begins with: the link in front of its first line, and what there is of that line. */
  #begun: Buffer
  #offset: number
  #length = FIRST_CHUNK_BYTES
  /** The last reading that was begun; null where the one before it came to the end of the file. */
  #reading: Promise<Bytes | null> = Promise.resolve(null)
  #ahead: Promise<Chunk | null>[] = []
  /** The one that is read into next comes first. */
  #buffers: readonly Buffer[] = [EMPTY, EMPTY, EMPTY]

  constructor(
    private readonly file: DiskFile,
    start: Cursor,
    private readonly checker: LineChecker,
  ) {
    this.#begun = Buffer.from(linkAfter(start.hash))
    this.#offset = start.offset
  }

  async next(): Promise<Chunk> {
    const chunk = (await this.#ahead.shift()) ?? (await this.#readNow())
    if (chunk.isLast) this.#ahead = []
    else while (this.#ahead.length < PARTS_AHEAD) this.#ahead.push(this.#readAhead())
    return chunk
  }

  /** Resolves when nothing is being read or checked any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#ahead)
  }

  #readNow(): Promise<Chunk> {
    const bytes = this.#read()
    this.#reading = bytes
    return bytes.then((read) => this.#checked(read))
  }

  #readAhead(): Promise<Chunk | null> {
    const bytes = this.#reading.then((before) => (before?.isLast === false ? this.#read() : null))
    this.#reading = bytes
    const chunk = bytes.then((read) => read && this.#checked(read))
    // Who awaits it gets the error; nobody may, when the reading ends before.
    chunk.catch(() => undefined)
    return chunk
  }

  async #checked(bytes: Bytes): Promise<Chunk> {
    return { ...bytes, good: await this.checker.check(bytes.buffer) }
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
    const [free = EMPTY, ...others] = this.#buffers
    const buffer = free.length >= length ? free : bufferOf(length + SPARE_BYTES)
    this.#buffers = [...others, buffer]
    return buffer
  }
}

/** Most readings are short, and have no use for memory that two threads see. */
function bufferOf(length: number): Buffer {
  return length < CHUNK_BYTES ? Buffer.allocUnsafeSlow(length) : sharedBuffer(length)
}
