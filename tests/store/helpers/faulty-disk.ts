import { systemDisk, type Disk, type DiskFile } from '@coppice/store'

/** What a test makes of the writes and syncs of a real disk; each is given the real one to call or not. */
export interface Faults {
  write?: (bytes: Buffer, write: (bytes: Buffer) => number) => number
  sync?: (sync: () => Promise<void>) => Promise<void>
}

/** A disk with real files, on which writes come out short and syncs fail as the test says. */
export function faultyDisk(faults: Faults): Disk {
  return {
    ...systemDisk,
    open: (path, mode) => faultyFile(systemDisk.open(path, mode), faults),
  }
}

function faultyFile(file: DiskFile, faults: Faults): DiskFile {
  return {
    size: () => file.size(),
    isNamed: () => file.isNamed(),
    read: (buffer, offset) => file.read(buffer, offset),
    readNow: (buffer, offset) => file.readNow(buffer, offset),
    write(bytes, offset) {
      const write = (some: Buffer): number => file.write(some, offset)
      return faults.write === undefined ? write(bytes) : faults.write(bytes, write)
    },
    truncate: (size) => file.truncate(size),
    sync() {
      const sync = (): Promise<void> => file.sync()
      return faults.sync === undefined ? sync() : faults.sync(sync)
    },
    close: () => file.close(),
  }
}
