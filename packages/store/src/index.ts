// Event logs.
export { openFileLog } from './file-log/file-log.js'
export type { FileLogOptions } from './file-log/file-log.js'
export type { Disk, DiskFile, DiskLock, FileStat } from './disk/disk.js'
export { systemDisk } from './disk/system-disk.js'
export { MemoryLog } from './memory-log/memory-log.js'

// Snapshots and locks.
export { FileLocks } from './locks/file-locks.js'
export { LowdbSnapshots } from './snapshots/lowdb-snapshots.js'

// Limits.
export { FORMAT_VERSION, MAX_RECORD_BYTES } from './format/limits.js'

// Errors.
export { FactNotJsonError, FactTooLargeError } from './errors/fact-errors.js'
export { LockError } from './errors/lock-error.js'
export {
  LogCorruptError,
  LogReadError,
  LogReadOnlyError,
  LogSyncError,
  LogVersionError,
  LogWriteError,
} from './errors/log-errors.js'
export { SnapshotSaveError } from './errors/snapshot-save-error.js'
