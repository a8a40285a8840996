import type { RecordedFact } from '@coppice/core'
import { LogCorruptError, LogVersionError } from '../errors/log-errors.js'
import { FORMAT_VERSION, MAX_RECORD_BYTES } from '../format/limits.js'
import { LINK_BYTES, NEWLINE } from '../format/line.js'
import { decodeRecord } from '../format/record.js'
import type { Chunk } from './chunk-reader.js'
import type { Cursor } from './cursor.js'
import type { Stretch } from './stretch.js'

/** Turns a segment's lines into facts. They come out once their append is whole. */
export class SegmentDecoder {
  #end: Cursor
  /** Where the next line begins in the segment. */
  #offset: number
  /** Of the last record that was decoded. */
  #sequence: number
  /** Those of an append that is not whole yet, and where their lines begin. */
  #facts: RecordedFact[] = []
  #offsets: number[] = []
  #more: number | null = null
  #synced = 0
  #provenOffset: number | null = null
  #isAtEnd = false
  #fault: LogCorruptError | LogVersionError | null = null

  /**
   * @param last the sequence with which the segment ends; infinite for the last segment, which ends where no record is
   */
  constructor(
    private readonly path: string,
    start: Cursor,
    private readonly last: number,
  ) {
    this.#end = start
    this.#sequence = start.sequence
    this.#offset = start.offset
  }

  /** The place behind the last whole append. */
  get end(): Cursor {
    return this.#end
  }

  /** Where the first line begins that was not decoded. */
  get offset(): number {
    return this.#offset
  }

  /** The sequence up to which all records were durable, as the ones that came after them say. */
  get synced(): number {
    return this.#synced
  }

  /** The offset of the first record that is not yet known to be durable by one that came after it. */
  get provenOffset(): number | null {
    return this.#provenOffset
  }

  /** Whether it ignores all bytes behind this, because no record is there. */
  get isDone(): boolean {
    return this.#isAtEnd || this.#fault !== null
  }

  /** Whether an empty line follows the last whole append. */
  get isAtRoom(): boolean {
    return this.#isAtEnd && this.#offset === this.#end.offset
  }

  /** What is there instead of a record, if it is neither the end nor room that was reserved. */
  get fault(): LogCorruptError | LogVersionError | null {
    return this.#fault
  }

  /** Takes the segment's next lines and answers with the appends that they complete. */
  feed({ buffer, good }: Chunk): Stretch {
    const start = this.#end
    const facts = this.#facts
    const offsets = this.#offsets
    let whole = 0
    let at = LINK_BYTES
    while (!this.isDone) {
      if (this.#end.sequence >= this.last || buffer[at] === NEWLINE) {
        this.#isAtEnd = true
        break
      }
      const next = buffer.indexOf(NEWLINE, at) + 1
      if (at === good) this.#checkRest(next > 0, buffer.length - at)
      else if (next - at > MAX_RECORD_BYTES) this.#stopAtLongLine()
      if (this.isDone || at === good || !this.#decodeLine(buffer.toString('utf8', at, next), next - at)) break
      at = next
      if (this.#more === 0) whole = this.#completeAppend()
    }
    this.#facts = facts.splice(whole)
    this.#offsets = offsets.splice(whole)
    return { start, facts, offsets, end: this.#end }
  }

  /** What is behind the good lines may be a line that goes on in the next chunk. */
  #checkRest(isWhole: boolean, length: number): void {
    if (isWhole) this.#stop(`record ${this.#sequence + 1}, chained by its hash`, 'something else')
    else if (length > MAX_RECORD_BYTES) this.#stopAtLongLine()
  }

  #decodeLine(line: string, bytes: number): boolean {
    const decoded = decodeRecord(line, this.#sequence + 1, this.#more)
    if (decoded.kind === 'record') {
      this.#facts.push(decoded.fact)
      this.#offsets.push(this.#offset)
      // The first record of a write says that all in front of it is durable.
      if (decoded.synced === this.#sequence) this.#provenOffset = this.#offset
      this.#sequence += 1
      this.#more = decoded.more
      if (decoded.synced > this.#synced) this.#synced = decoded.synced
      this.#offset += bytes
      return true
    }
    if (decoded.kind === 'damaged') this.#stop(decoded.expected, decoded.found)
    else this.#fault = new LogVersionError(this.path, this.#offset, decoded.version, FORMAT_VERSION)
    return false
  }

  /** Answers with how many facts belong to whole appends now. */
  #completeAppend(): number {
    const { hash } = this.#facts.at(-1) ?? this.#end
    this.#end = { segment: this.#end.segment, offset: this.#offset, sequence: this.#sequence, hash }
    this.#more = null
    return this.#facts.length
  }

  #stopAtLongLine(): void {
    this.#stop(`a line of at most ${MAX_RECORD_BYTES} bytes`, 'more')
  }

  #stop(expected: string, found: string): void {
    this.#fault = new LogCorruptError(this.path, this.#offset, expected, found)
  }
}
