import { resolve } from 'node:path'
import { inspectLog, repairLog as repair, type Progress, type RepairReport } from '@coppice/store'
import { requireLog } from './require-log.js'
import { stateOf } from './state-directory.js'

export interface RepairLogOptions {
  /** A directory of the repository, as for `openCoppice`. */
  readonly repo: string
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean
  /** A directory with copies of the log's segments, such as a backup of it. */
  readonly from?: string
  readonly signal?: AbortSignal
  /** Called now and then with how many bytes of the log have been read. */
  readonly onProgress?: (progress: Progress) => void
}

/**
 * Puts right in a repository's log what is proven by the hashes in it, then checks it again. Bytes that are replaced or
 * cut off are kept beside the log; what cannot be proven is refused and left as it is.
 *
 * @throws {LogLostError} when the log is gone
 * @throws {LogInUseError} when another process keeps the log to itself
 * @throws {CopiesNotFoundError} when there are no segments in `from`
 * @throws {RepairFailedError} when something could not be written
 * @throws {NotARepositoryError} {GitTooOldError} {GitMissingError} {LogReadError} {LockError}
 */
export async function repairLog({ repo, from, ...options }: RepairLogOptions): Promise<RepairReport> {
  const copies = from === undefined ? {} : { from: resolve(from) }
  const state = await stateOf(repo)
  const repaired = await repair(state.directory, { ...options, ...copies })
  if (repaired.report.healthy && repaired.report.records === 0) {
    await requireLog(state, async () => (await inspectLog(state.directory)).records === 0)
  }
  return repaired
}
