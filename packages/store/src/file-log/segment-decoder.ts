import type { RecordedFact } from '@coppice/core'
import { LogCorruptError, LogVersionError } from '../errors/log-errors.js'
import { FORMAT_VERSION, MAX_RECORD_BYTES } from '../format/limits.js'
import { LINK_BYTES, linkAfter } from '../format/line.js'
import { decodeRecord } from '../format/record.js'
import type { Cursor } from './cursor.js'
import type { Stretch } from './stretch.js'

const NEWLINE = 0x0a

/** Turns a segment's bytes into facts, verifying the chain. Facts come out once their append is whole. */
export class SegmentDecoder {
  /** What the next line's hash covers in front of it, and the bytes that are not yet decoded. */
  #buffer: Buffer
  /** Where the next line begins in the segment. */
  #offset: number
  #end: Cursor
  #facts: RecordedFact[] = []
  #offsets: number[] = []
  #more: number | null = null
  #fault: LogCorruptError | LogVersionError | null = null

  constructor(
    private readonly path: string,
    start: Cursor,
  ) {
    this.#end = start
    this.#offset = start.offset
    this.#buffer = Buffer.from(linkAfter(start.hash))
  }

  /** The place behind the last whole append. */
  get end(): Cursor {
    return this.#end
  }

  /** What kept the decoder from going on; it ignores all bytes behind that. */
  get fault(): LogCorruptError | LogVersionError | null {
    return this.#fault
  }

  /** Takes the segment's next bytes and answers with the appends that they complete. */
  feed(bytes: Buffer): Stretch {
    const buffer = Buffer.concat([this.#buffer, bytes])
    const start = this.#end
    const stretch = { start, facts: [] as RecordedFact[], offsets: [] as number[] }
    let at = LINK_BYTES
    while (this.#fault === null) {
      const next = buffer.indexOf(NEWLINE, at) + 1
      if (next === 0) break
      if (!this.#decodeLine(buffer, at, next)) break
      at = next
      if (this.#more !== 0) continue
      for (const fact of this.#facts) stretch.facts.push(fact)
      for (const offset of this.#offsets) stretch.offsets.push(offset)
      this.#completeAppend()
    }
    this.#buffer = buffer.subarray(at - LINK_BYTES)
    if (buffer.length - at > MAX_RECORD_BYTES)
      this.#stop(`a line of at most ${MAX_RECORD_BYTES} bytes`, 'more')
    return { ...stretch, end: this.#end }
  }

  #decodeLine(buffer: Buffer, start: number, end: number): boolean {
    const sequence = this.#end.sequence + this.#facts.length + 1
    const decoded = decodeRecord(buffer, [start, end], sequence, this.#more)
    switch (decoded.kind) {
      case 'record':
        this.#facts.push(decoded.fact)
        this.#offsets.push(this.#offset)
        this.#more = decoded.more
        this.#offset += end - start
        return true
      case 'newer':
        this.#fault ??= new LogVersionError(this.path, this.#offset, decoded.version, FORMAT_VERSION)
        return false
      case 'damaged':
        this.#stop(decoded.expected, decoded.found)
        return false
    }
  }

  #completeAppend(): void {
    const last = this.#facts.at(-1)
    if (last !== undefined) {
      this.#end = { ...this.#end, offset: this.#offset, sequence: last.sequence, hash: last.hash }
    }
    this.#facts = []
    this.#offsets = []
    this.#more = null
  }

  #stop(expected: string, found: string): void {
    this.#fault ??= new LogCorruptError(this.path, this.#offset, expected, found)
  }
}
