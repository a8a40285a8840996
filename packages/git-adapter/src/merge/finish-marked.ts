import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CheckoutLockedError } from '../errors/repository-errors.js'
import { isThere, lookAt } from '../files/look.js'
import { dropLeftLock, OWN_REST_MS } from '../git/left-lock.js'
import { resolveOne } from '../git/objects.js'
import { commandLines } from '../process/command-lines.js'
import type { Site } from '../site.js'
import { bringOn } from './bring-on.js'
import { markedMove, markOf } from './landing-mark.js'
import type { Move } from './move.js'
import { putBack } from './put-back.js'

/** Milliseconds between two looks at a git process that outlived its engine. */
const POLL_MS = 50

/** Milliseconds after which it is not waited for any longer. */
const PATIENCE_MS = 30_000

/**
 * Brings to an end what an engine died at: a fast-forward that has not reached the branch is taken back, unless a power
 * cut has left its index; then the files are brought on to it. Under the landing lock, before anything else is landed; so
 * there is one mark at most.
 *
 * @throws {CheckoutLockedError} when git is at work there, or may be; the mark stays
 */
export async function finishMarked(site: Site, signal?: AbortSignal): Promise<void> {
  const move = await markedMove(site)
  if (move === null) return
  // A checkout that has been deleted meanwhile leaves nothing to bring to an end.
  const isLeft = move !== 'damaged' && (await isThere(move.workTree)) && (await isThere(move.gitDir))
  if (isLeft) await finish(site, move, signal)
  await rm(markOf(site))
}

async function finish({ repository }: Site, move: Move, signal?: AbortSignal): Promise<void> {
  await outlasted(move, signal)
  const head = await resolveOne({ gitDir: move.gitDir }, 'HEAD')
  if (head === move.from) {
    await dropStaleLock(repository.commonDir, move)
    await putBack(move)
  }
  if (head === move.from || head === move.to) await bringOn(move)
}

/** Killing an engine leaves the git process that it had started, which then comes to its end by itself. */
async function outlasted({ gitDir, to }: Move, signal?: AbortSignal): Promise<void> {
  for (let waited = 0; await isBroughtAlongTo(to); waited += POLL_MS) {
    if (waited >= PATIENCE_MS) {
      throw new CheckoutLockedError(gitDir, 'the git process that an engine which died has left goes on')
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

async function isBroughtAlongTo(commit: string): Promise<boolean> {
  const running = await commandLines()
  return running.some(({ args }) => args.includes('--ff-only') && args.at(-1) === commit)
}

/**
 * Deletes the lock that the fast-forward of a dead engine has left. Each one is given the time to go by itself.
 *
 * @throws {CheckoutLockedError} when it may be a living process's, as of a `git commit` whose message is being written
 */
async function dropStaleLock(commonDir: string, { gitDir, workTree }: Move): Promise<void> {
  const lock = join(gitDir, 'index.lock')
  for (let found = await lookAt(lock); found !== null; found = await lookAt(lock)) {
    await delay(Math.min(Math.max(found.mtimeMs + OWN_REST_MS - Date.now(), 0), OWN_REST_MS))
    if ((await lookAt(lock))?.ino !== found.ino) continue
    const holder = await dropLeftLock({ commonDir, workTree }, lock, OWN_REST_MS)
    if (holder !== null) throw new CheckoutLockedError(lock, holder)
  }
}
