import { hash } from 'node:crypto'
import { HASH_FIELD, LINE_END, LINK_BYTES, linkAfter, MAX_UNIT_BYTES, TAIL_BYTES } from './line.js'

/** Lines that follow one another, each closed with the hash that chains it to the one before. */
export class SealedLines {
  /** The link to the line before them, and the lines. */
  #buffer: Buffer
  #end = 0
  /** What comes next in the buffer. It is written together with the next line, because every writing takes its time. */
  #pending: string

  /** @param room bytes that the lines are expected to take */
  constructor(previous: string, room: number) {
    this.#buffer = Buffer.allocUnsafe(LINK_BYTES + room)
    this.#pending = linkAfter(previous)
  }

  /** Bytes of all lines. */
  get length(): number {
    return this.#end + this.#pending.length - LINK_BYTES
  }

  /**
   * Closes a JSON object, given in one part or two without its closing brace, and answers with its line's hash. Two long
   * strings are quicker to write one after the other than to join.
   */
  add(head: string, rest = ''): string {
    // The link in front of a line is the end of the line before it.
    const start = this.length
    this.#reserve((head.length + rest.length) * MAX_UNIT_BYTES + 2 * TAIL_BYTES)
    this.#write(this.#pending + head)
    this.#write(rest)
    const digest = hash('sha256', this.#buffer.subarray(start, this.#end))
    this.#pending = HASH_FIELD + digest + LINE_END
    return digest
  }

  /** All lines. */
  finish(): Buffer {
    this.#reserve(this.#pending.length)
    this.#write(this.#pending)
    this.#pending = ''
    return this.#buffer.subarray(LINK_BYTES, this.#end)
  }

  #write(text: string): void {
    this.#end += this.#buffer.write(text, this.#end)
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#end)
    this.#buffer = larger
  }
}
