import { inspectLog, type LogReport, type Progress } from '@coppice/store'
import { requireLog } from './require-log.js'
import { stateOf } from './state-directory.js'

export interface VerifyLogOptions {
  /** A directory of the repository, as for `openCoppice`. */
  readonly repo: string
  readonly signal?: AbortSignal
  /** Called now and then with how many bytes of the log have been read. */
  readonly onProgress?: (progress: Progress) => void
}

/**
 * Checks a repository's log from its first byte to its last, and lists all that is damaged. Needs no lock, writes
 * nothing, and may be called while others write. A repository without tasks has an empty log, which is healthy.
 *
 * @throws {LogLostError} when the log is gone
 * @throws {NotARepositoryError} {GitTooOldError} {GitMissingError} {LogReadError}
 */
export async function verifyLog({ repo, ...options }: VerifyLogOptions): Promise<LogReport> {
  const state = await stateOf(repo)
  const report = await inspectLog(state.directory, options)
  if (!report.healthy || report.records > 0) return report
  let latest = report
  await requireLog(state, async () => {
    latest = await inspectLog(state.directory, options)
    return latest.records === 0
  })
  return latest
}
