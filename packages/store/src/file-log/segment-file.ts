import type { Disk, DiskFile } from '../disk/disk.js'
import { LogCorruptError } from '../errors/log-errors.js'
import { goodLines } from '../format/good-lines.js'
import { LINK_BYTES, linkAfter, NEWLINE } from '../format/line.js'
import type { Cursor } from './cursor.js'
import { writeWhole, type Written } from './write-whole.js'

/** Whether the line with this hash ends at a place; a buffer of at least the link's length gets what is there. */
export function holdsLine(
  file: DiskFile,
  { offset, hash }: Cursor,
  peek: Buffer = Buffer.alloc(LINK_BYTES),
): boolean {
  // What the file does not have of it reads as an empty line.
  peek.fill(NEWLINE)
  file.readNow(peek, offset - LINK_BYTES)
  return peek.toString('latin1', 0, LINK_BYTES) === linkAfter(hash)
}

/** The last segment, open for writing at its end. */
export class SegmentFile {
  readonly #file: DiskFile
  readonly #peek = Buffer.alloc(LINK_BYTES + 1)

  constructor(
    readonly segment: number,
    readonly path: string,
    private readonly disk: Disk,
    mode: 'read' | 'write' = 'write',
  ) {
    this.#file = disk.open(path, mode)
  }

  /** The file's size in bytes, as it is now. */
  size(): number {
    return this.#file.size()
  }

  /** @throws {LogCorruptError} when the file was deleted, moved or replaced since it was opened */
  requireNamed(): void {
    if (this.#file.isNamed()) return
    const found = this.disk.exists(this.path) ? 'another file' : 'no file'
    throw new LogCorruptError(this.path, 0, 'the file that this process has open', found)
  }

  /** Whether the line with this hash ends at a place, and nothing or an empty line follows it. */
  endsAt(place: Cursor): boolean {
    return this.holds(place) && (this.#peek[LINK_BYTES] ?? NEWLINE) === NEWLINE
  }

  /** Whether the line with this hash ends at a place. */
  holds(place: Cursor): boolean {
    return holdsLine(this.#file, place, this.#peek)
  }

  write(bytes: Buffer, offset: number): Written {
    return writeWhole(this.#file, bytes, offset)
  }

  sync(beside = false): Promise<void> {
    return this.#file.sync(beside)
  }

  /** The bytes from one place to another, or to the end of the file. */
  async read(from: number, to = this.size()): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(to - from, 0))
    return bytes.subarray(0, await this.#file.read(bytes, from))
  }

  /**
   * Writes what is there from an offset on up to a place, the same bytes once more, and the file's size too. A sync alone
   * could succeed without doing anything: where another one failed before, in whatever process, the system may have
   * forgotten that there is anything to be written.
   *
   * @throws {LogCorruptError} when there is anything else than was read there before
   */
  async writeAgain(from: number, to: Cursor): Promise<void> {
    const linked = await this.read(from - LINK_BYTES, to.offset)
    if (goodLines(linked) !== to.offset - from + LINK_BYTES || !this.holds(to)) {
      throw new LogCorruptError(this.path, from, `the records up to ${to.sequence}`, 'something else')
    }
    const { bytes, cause } = this.write(linked.subarray(LINK_BYTES), from)
    if (from + bytes < to.offset) throw cause
    const size = this.size()
    this.truncate(size + 1)
    this.truncate(size)
  }

  truncate(size: number): void {
    this.#file.truncate(size)
  }

  close(): void {
    this.#file.close()
  }
}
