import { closeSync, fdatasync, fstatSync, ftruncateSync, read, readSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { DiskFile, FileStat } from './disk.js'
import { isFileAt } from './is-file-at.js'

const reading = promisify(read)
const fdatasyncing = promisify(fdatasync)

/** An open file descriptor. */
export class SystemFile implements DiskFile {
  constructor(
    private readonly path: string,
    private readonly fd: number,
  ) {}

  stat(): FileStat {
    const open = fstatSync(this.fd)
    return { size: open.size, isNamed: isFileAt(this.path, open) }
  }

  async read(buffer: Buffer, offset: number): Promise<number> {
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await reading(this.fd, buffer, filled, buffer.length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled
  }

  readNow(buffer: Buffer, offset: number): number {
    return readSync(this.fd, buffer, 0, buffer.length, offset)
  }

  write(bytes: Buffer, offset: number): number {
    return writeSync(this.fd, bytes, 0, bytes.length, offset)
  }

  truncate(size: number): void {
    ftruncateSync(this.fd, size)
  }

  sync(): Promise<void> {
    return fdatasyncing(this.fd)
  }

  close(): void {
    closeSync(this.fd)
  }
}
