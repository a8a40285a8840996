// Event logs.
export { openFileLog } from './file-log/file-log.js'
export type { FileLogOptions } from './file-log/file-log.js'
export type { Disk, DiskFile, DiskLock } from './disk/disk.js'
export { systemDisk } from './disk/system-disk.js'
export { MemoryLog } from './memory-log/memory-log.js'

// Snapshots and locks.
export { FileLocks } from './locks/file-locks.js'
export { LowdbSnapshots } from './snapshots/lowdb-snapshots.js'

// Verification and repair, which work on a log that cannot be opened.
export { inspectLog } from './inspection/inspect-log.js'
export type { InspectOptions, Progress } from './inspection/inspect-log.js'
export type { CacheCheck } from './inspection/cache-check.js'
export type { Finding, Location } from './inspection/finding.js'
export type { Leftover } from './inspection/leftovers.js'
export type { LogEnd, LogReport, Tail } from './inspection/log-report.js'
export { readGoodFacts } from './inspection/good-facts.js'
export { lostLogOf, replaceLog } from './repair/replace-log.js'
export type { LogBeginning } from './repair/replace-log.js'
export { repairLog } from './repair/repair-log.js'
export type { RepairOptions } from './repair/repair-log.js'
export type { Refusal, RepairItem, RepairReport } from './repair/repair-plan.js'

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
export { CopiesNotFoundError, LogInUseError, RepairFailedError } from './errors/repair-errors.js'
export { SnapshotReadError } from './errors/snapshot-read-error.js'
export { SnapshotSaveError } from './errors/snapshot-save-error.js'
