import type { Disk, DiskFile } from '../disk/disk.js'
import { LogCorruptError } from '../errors/log-errors.js'
import { NEWLINE } from '../format/line.js'
import { writeWhole, type Written } from './write-whole.js'

/** The last segment, open for writing at its end. */
export class SegmentFile {
  readonly #file: DiskFile
  readonly #peek = Buffer.alloc(1)

  constructor(
    readonly segment: number,
    readonly path: string,
    private readonly disk: Disk,
  ) {
    this.#file = disk.open(path, 'write')
  }

  /** The file's size in bytes, as it is now. */
  size(): number {
    const { size, isNamed } = this.#file.stat()
    if (isNamed) return size
    const found = this.disk.exists(this.path) ? 'another file' : 'no file'
    throw new LogCorruptError(this.path, 0, 'the file that this process has open', found)
  }

  /** Whether a place is in front of room that is reserved and empty. */
  isRoomAt(offset: number): boolean {
    return this.#file.readNow(this.#peek, offset) === 1 && this.#peek[0] === NEWLINE
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
