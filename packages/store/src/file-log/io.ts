import { fdatasync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

/** The two system calls that an acknowledgement rests on; tests replace them to make them fail. */
export interface LogIo {
  /** Appends bytes to a file and answers how many were written, which on a full disk are too few. */
  write(fd: number, bytes: Buffer): number
  fdatasync(fd: number): Promise<void>
}

export const systemIo: LogIo = {
  write: (fd, bytes) => writeSync(fd, bytes),
  fdatasync: promisify(fdatasync),
}
