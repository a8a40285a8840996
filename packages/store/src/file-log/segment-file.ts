import type { Disk, DiskFile } from '../disk/disk.js'
import { LogCorruptError } from '../errors/log-errors.js'
import { LINK_BYTES, linkAfter, NEWLINE } from '../format/line.js'
import type { Cursor } from './cursor.js'
import { writeWhole, type Written } from './write-whole.js'

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
    const { size, isNamed } = this.#file.stat()
    if (isNamed) return size
    const found = this.disk.exists(this.path) ? 'another file' : 'no file'
    throw new LogCorruptError(this.path, 0, 'the file that this process has open', found)
  }

  /** Whether the line with this hash ends at a place, and nothing or an empty line follows it. */
  endsAt(place: Cursor): boolean {
    return this.holds(place) && (this.#peek[LINK_BYTES] ?? NEWLINE) === NEWLINE
  }

  /** Whether the line with this hash ends at a place. */
  holds({ offset, hash }: Cursor): boolean {
    // What the file does not have of it reads as an empty line.
    this.#peek.fill(NEWLINE)
    this.#file.readNow(this.#peek, offset - LINK_BYTES)
    return this.#peek.toString('latin1', 0, LINK_BYTES) === linkAfter(hash)
  }

  write(bytes: Buffer, offset: number): Written {
    return writeWhole(this.#file, bytes, offset)
  }

  sync(): Promise<void> {
    return this.#file.sync()
  }

  async read(offset: number): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(this.size() - offset, 0))
    return bytes.subarray(0, await this.#file.read(bytes, offset))
  }

  truncate(size: number): void {
    this.#file.truncate(size)
  }

  close(): void {
    this.#file.close()
  }
}
