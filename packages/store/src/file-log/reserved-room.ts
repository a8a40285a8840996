import type { Cursor } from './cursor.js'

/** Where the end of the last segment was last seen to be empty, so that it need not be looked through each time. */
export class ReservedRoom {
  #segment = 0
  #from = 0
  #size = 0

  /** Whether all behind a place was empty in a file of this size; writes since then begin at the end of the records. */
  covers({ segment, offset }: Cursor, size: number): boolean {
    return segment === this.#segment && size === this.#size && offset >= this.#from
  }

  mark({ segment, offset }: Cursor, size: number): void {
    this.#segment = segment
    this.#from = offset
    this.#size = size
  }
}
