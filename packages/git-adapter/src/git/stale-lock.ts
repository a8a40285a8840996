import { dropLeftLock, OWN_REST_MS } from './left-lock.js'
import type { Place } from './place.js'
import type { GitResult } from './run.js'

/** What git says of a lock, and of the file that it writes packed refs to, which it also never takes away again. */
const IN_THE_WAY = /unable to create (?:file )?'?(.+(?:\.lock|packed-refs\.new))'?: File exists/i

/**
 * Runs a git command that changes a ref; where a lock is in its way that was left behind, takes the lock away and runs it
 * again.
 */
export async function pastStaleLock(repository: Place, run: () => Promise<GitResult>): Promise<GitResult> {
  const result = await run()
  const [, lock] = IN_THE_WAY.exec(result.stderr) ?? []
  if (result.exitCode === 0 || lock === undefined) return result
  const restMs = lock.includes('/refs/coppice/') ? OWN_REST_MS : undefined
  if ((await dropLeftLock({ commonDir: repository.gitDir }, lock, restMs)) !== null) return result
  // A git that dies while it deletes a ref leaves more than one.
  return pastStaleLock(repository, run)
}
