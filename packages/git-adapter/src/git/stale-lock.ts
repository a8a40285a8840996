import type { Stats } from 'node:fs'
import { rm } from 'node:fs/promises'
import { lookAt } from '../files/look.js'
import { isBeforeBoot } from '../process/boot.js'
import type { GitResult } from './run.js'

/** Milliseconds after which a lock on a ref of Coppice's own is one that a killed git left: git holds it for a few. */
const OWN_STALE_MS = 1_000

/** The same for a lock on what others write too, which a slow hook of theirs may hold. */
const SHARED_STALE_MS = 60_000

/** What git says of a lock, and of the file that it writes packed refs to, which it also never takes away again. */
const IN_THE_WAY = /unable to create (?:file )?'?(.+(?:\.lock|packed-refs\.new))'?: File exists/i

/**
 * Runs a git command that changes a ref; where a lock is in its way that nobody can be holding any more, takes the
 * lock away and runs it again. Git itself leaves that to a person, but a person cannot know of an engine's crash.
 */
export async function pastStaleLock(run: () => Promise<GitResult>): Promise<GitResult> {
  const result = await run()
  const [, lock] = IN_THE_WAY.exec(result.stderr) ?? []
  if (result.exitCode === 0 || lock === undefined) return result
  const found = await lookAt(lock)
  const limit = lock.includes('/refs/coppice/') ? OWN_STALE_MS : SHARED_STALE_MS
  if (found !== null && !isStale(found, limit)) return result
  await rm(lock, { force: true })
  // A git that dies while it deletes a ref leaves more than one.
  return pastStaleLock(run)
}

/** A boot has ended whoever took it. */
function isStale({ mtimeMs }: Stats, limit: number): boolean {
  return Date.now() - mtimeMs >= limit || isBeforeBoot(mtimeMs)
}
