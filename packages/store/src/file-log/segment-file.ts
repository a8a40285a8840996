import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs'
import { LogCorruptError, LogReadOnlyError } from '../errors/log-errors.js'
import type { LogIo } from './io.js'

export interface Written {
  readonly bytes: number
  /** What kept the rest from being written. */
  readonly cause: unknown
}

/** The last segment, open for appending. */
export class SegmentFile {
  readonly #fd: number
  readonly #inode: number

  constructor(
    readonly segment: number,
    readonly path: string,
    private readonly io: LogIo,
  ) {
    // Appending mode never overwrites, wherever another process has put the end of the file.
    this.#fd = openSync(path, 'a+')
    this.#inode = fstatSync(this.#fd).ino
  }

  /** The file's size in bytes, as it is now. */
  size(): number {
    const there = statSync(this.path, { throwIfNoEntry: false })
    if (there === undefined || there.ino !== this.#inode) {
      const found = there === undefined ? 'no file' : 'another file'
      throw new LogCorruptError(this.path, 0, 'the file that this process has open', found)
    }
    return there.size
  }

  /** Goes on after a short write until all is written or the system says why not. */
  append(bytes: Buffer): Written {
    let written = 0
    while (written < bytes.length) {
      try {
        const count = this.io.write(this.#fd, bytes.subarray(written))
        if (count === 0) return { bytes: written, cause: new Error('nothing could be written') }
        written += count
      } catch (cause) {
        return { bytes: written, cause }
      }
    }
    return { bytes: written, cause: null }
  }

  /** @throws {LogReadOnlyError} when the disk refuses; what was written since the last sync may be gone then */
  async sync(): Promise<void> {
    try {
      await this.io.fdatasync(this.#fd)
    } catch (cause) {
      throw new LogReadOnlyError(this.path, cause)
    }
  }

  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, length, offset))
  }

  truncate(size: number): void {
    ftruncateSync(this.#fd, size)
  }

  close(): void {
    closeSync(this.#fd)
  }
}
