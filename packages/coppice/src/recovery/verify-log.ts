import { inspectLog, type LogReport, type Progress } from '@coppice/store'
import { stateDirectoryOf } from './state-directory.js'

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
 * @throws {NotARepositoryError} {GitTooOldError} {GitMissingError} {LogReadError}
 */
export async function verifyLog({ repo, ...options }: VerifyLogOptions): Promise<LogReport> {
  return inspectLog(await stateDirectoryOf(repo), options)
}
