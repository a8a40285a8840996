import { hash } from 'node:crypto'
import { HASH_FIELD, LINE_END, LINK_BYTES, linkAfter, MAX_UNIT_BYTES, TAIL_BYTES } from './line.js'

/** Lines that follow one another, each closed with the hash that chains it to the one before. */
export class SealedLines {
  /** The link to the line before them, and the lines. */
  #buffer: Buffer
  #end = LINK_BYTES

  /** @param room bytes that the lines are expected to take */
  constructor(previous: string, room: number) {
    this.#buffer = Buffer.allocUnsafe(LINK_BYTES + room)
    this.#buffer.write(linkAfter(previous))
  }

  /** Bytes of all lines. */
  get length(): number {
    return this.#end - LINK_BYTES
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(LINK_BYTES, this.#end)
  }

  /**
   * Closes a JSON object, given in one part or two without its closing brace, and answers with its line's hash. Two long strings are
   * quicker to write one after the other than to join.
   */
  add(head: string, rest = ''): string {
    this.#reserve((head.length + rest.length) * MAX_UNIT_BYTES + TAIL_BYTES)
    const headEnd = this.#end + this.#buffer.write(head, this.#end)
    const bodyEnd = headEnd + this.#buffer.write(rest, headEnd)
    // The link in front of a line is the end of the line before it, which is in the buffer already.
    const digest = hash('sha256', this.#buffer.subarray(this.#end - LINK_BYTES, bodyEnd))
    this.#end = bodyEnd + this.#buffer.write(HASH_FIELD + digest + LINE_END, bodyEnd, 'latin1')
    return digest
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#end)
    this.#buffer = larger
  }
}
