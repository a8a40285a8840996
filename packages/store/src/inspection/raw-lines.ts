import type { DiskFile } from '../disk/disk.js'
import { MAX_RECORD_BYTES } from '../format/limits.js'
import { LINK_BYTES, NEWLINE } from '../format/line.js'

const CHUNK_BYTES = 262_144

/** A line of a segment, good or not. */
export interface RawLine {
  /** Holds the line from `start` to `end`, and in front of it what its hash covers there. */
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  /** Bytes from the start of the segment to the line, and to what follows it. */
  readonly offset: number
  readonly next: number
  /** 1 for the segment's first. */
  readonly number: number
  /** Whether a newline ends it, and it is no longer than a line may be. Otherwise the buffer may hold a part only. */
  readonly isWhole: boolean
}

/** Gives a segment's lines one after the other, holding a part of it at a time, however broken it is. */
export class RawLines {
  #buffer: Buffer
  #start = LINK_BYTES
  /** Where the next line begins in the segment, and where the bytes begin that were not read yet. */
  #offset: number
  #position: number
  #number: number
  #isOver = false

  /** @param link what stands in front of the first of the lines */
  constructor(
    private readonly file: DiskFile,
    link: string,
    from: { readonly offset: number; readonly line: number },
  ) {
    this.#buffer = Buffer.from(link, 'latin1')
    this.#offset = this.#position = from.offset
    this.#number = from.line
  }

  /** Null at the end of the file. A promise only where more has to be read first. */
  next(): RawLine | null | Promise<RawLine | null> {
    return this.#take() ?? this.#readOn()
  }

  async #readOn(): Promise<RawLine | null> {
    while (!this.#isOver) {
      await this.#fill()
      const line = this.#take()
      if (line !== null) return line
    }
    return this.#offset < this.#position ? this.#cut(this.#buffer.length, false) : null
  }

  #take(): RawLine | null {
    const end = this.#buffer.indexOf(NEWLINE, this.#start) + 1
    return end === 0 ? null : this.#cut(end, true)
  }

  #cut(end: number, isEnded: boolean): RawLine {
    const next = this.#position - (this.#buffer.length - end)
    const line = {
      buffer: this.#buffer,
      start: this.#start,
      end,
      offset: this.#offset,
      next,
      number: this.#number,
      isWhole: isEnded && next - this.#offset <= MAX_RECORD_BYTES,
    }
    this.#start = end
    this.#offset = next
    this.#number += 1
    return line
  }

  async #fill(): Promise<void> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const count = await this.file.read(chunk, this.#position)
    this.#position += count
    this.#isOver = count < CHUNK_BYTES
    // Of a line that is too long only as much is kept as the next line's hash covers.
    const kept = this.#buffer.length - this.#start > MAX_RECORD_BYTES ? this.#buffer.length : this.#start
    this.#buffer = Buffer.concat([this.#buffer.subarray(kept - LINK_BYTES), chunk.subarray(0, count)])
    this.#start = LINK_BYTES
  }
}
