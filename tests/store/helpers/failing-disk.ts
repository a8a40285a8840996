import { faultyDisk, type Faults } from './faulty-disk.js'

export const ENOSPC = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
export const EIO = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })

/** A disk that has so much room, and fails so many syncs, as a test says. */
export class FailingDisk implements Faults {
  room = Number.POSITIVE_INFINITY
  shortWrites = false
  /** How many of the next syncs fail. */
  failingSyncs = 0
  syncs = 0
  /** What was written last. */
  written = ''
  beforeSync: () => unknown = () => null
  duringSync: () => Promise<void> = async () => undefined
  readonly disk = faultyDisk(this)

  write(bytes: Buffer, write: (bytes: Buffer) => number): number {
    if (this.room === 0) throw ENOSPC
    const most = this.shortWrites ? Math.ceil(bytes.length / 2) : bytes.length
    this.written = bytes.toString()
    const count = write(bytes.subarray(0, Math.min(most, this.room)))
    this.room -= count
    return count
  }

  async sync(sync: () => Promise<void>): Promise<void> {
    this.syncs += 1
    this.beforeSync()
    if (this.failingSyncs > 0) {
      this.failingSyncs -= 1
      throw EIO
    }
    await this.duringSync()
    await sync()
  }
}
