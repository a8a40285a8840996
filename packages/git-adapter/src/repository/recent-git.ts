import { GitTooOldError } from '../errors/git-errors.js'
import { gitFrom } from '../git/run.js'

/** The first git that can merge without a checkout (`merge-tree --write-tree`). */
const OLDEST_GIT = [2, 38] as const

/** @throws {GitTooOldError} {GitMissingError} */
export async function requireRecentGit(directory: string): Promise<void> {
  const { stdout } = await gitFrom(directory, ['version'])
  const [version = '0.0', major, minor] = /(\d+)\.(\d+)(\.\d+)?/.exec(stdout.toString('utf8')) ?? []
  const ahead = Number(major ?? 0) - OLDEST_GIT[0] || Number(minor ?? 0) - OLDEST_GIT[1]
  if (ahead < 0) throw new GitTooOldError(version, OLDEST_GIT.join('.'))
}
