import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  read,
  readlinkSync,
  readSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { DiskFile } from './disk.js'
import { isFileAt } from './is-file-at.js'

const reading = promisify(read)
const fdatasyncing = promisify(fdatasync)

/**
 * Milliseconds that a sync may hold up the event loop. The way to another thread and back takes as long as the sync itself
 * on a quick disk, so that a sync which is expected to take less than this is done at once.
 */
const QUICK_SYNC_MS = 2

/** What a sync is expected to take falls by so much with every quicker one. */
const CALMING = 0.8

/** Nothing is known of a disk at first. */
const UNKNOWN_SYNC_MS = 100

/** An open file descriptor. */
export class SystemFile implements DiskFile {
  #expectedSyncMs = UNKNOWN_SYNC_MS
  /** Where the file was, and what directory its name leads into, when its name was last found to be its own. */
  #named: { readonly place: string; readonly directory: Stats } | null = null

  constructor(
    private readonly path: string,
    private readonly fd: number,
  ) {}

  size(): number {
    return fstatSync(this.fd).size
  }

  isNamed(): boolean {
    const place = placeOf(this.fd)
    const directory = dirname(this.path)
    if (this.#named !== null && place === this.#named.place && isFileAt(directory, this.#named.directory))
      return true
    const isNamed = isFileAt(this.path, fstatSync(this.fd))
    this.#named = isNamed && place !== null ? { place, directory: statSync(directory) } : null
    return isNamed
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

  async sync(beside = false): Promise<void> {
    const started = performance.now()
    if (this.#expectedSyncMs < QUICK_SYNC_MS && !beside) fdatasyncSync(this.fd)
    else await fdatasyncing(this.fd)
    // With other work beside it, what it takes tells nothing of the disk.
    if (beside) return
    this.#expectedSyncMs = Math.max(performance.now() - started, this.#expectedSyncMs * CALMING)
  }

  close(): void {
    closeSync(this.fd)
  }
}

/**
 * The path at which Linux has an open file now, or null where the system does not tell. It follows every renaming and
 * deletion. To ask for the file's status instead would make the next sync slower by half: since Linux 6.13 a write behind such a
 * question gives the file a new time, which has to be written too.
 *
 * @see https://docs.kernel.org/filesystems/multigrain-ts.html
 */
function placeOf(fd: number): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return null
  }
}
