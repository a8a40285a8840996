import { execFile } from 'node:child_process'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CheckoutLockedError } from '../errors/repository-errors.js'
import { isThere, lookAt, readText } from '../files/look.js'
import { dropLeftLock, OWN_REST_MS } from '../git/left-lock.js'
import { resolveOne } from '../git/objects.js'
import { syncFileSystems } from '../git/sync.js'
import { LANDING_LOCK, type Site } from '../site.js'
import { bringOn } from './bring-on.js'
import { putBack, type Move } from './put-back.js'

const run = promisify(execFile)

/** Milliseconds between two looks at a git process that outlived its engine. */
const POLL_MS = 50

const DRAFT = '.new'

/**
 * Does a fast-forward of a checkout under a mark that says so, and that stays if the engine dies or the power fails, until
 * all that git wrote is on the disk.
 */
export async function underMark<T>(site: Site, move: Move, work: () => Promise<T>): Promise<T> {
  const file = markOf(site)
  await mkdir(site.workshop.directory, { recursive: true })
  await writeFile(`${file}${DRAFT}`, JSON.stringify(move), { flush: true })
  await rename(`${file}${DRAFT}`, file)
  await syncFileSystems(site.workshop.directory)
  const result = await work()
  await syncFileSystems(move.gitDir, move.workTree)
  await rm(file)
  return result
}

/**
 * Brings to an end what an engine died at: a fast-forward that has not reached the branch is taken back, unless a power
 * cut has left its index; then the files are brought on to it. Under the landing lock, before anything else is landed; so
 * there is one mark at most.
 */
export async function finishMarked(site: Site): Promise<void> {
  const file = markOf(site)
  const text = await readText(file)
  if (text === null) return
  const move = moveIn(text)
  // A checkout that has been deleted meanwhile leaves nothing to bring to an end.
  if (move !== null && (await isThere(move.workTree)) && (await isThere(move.gitDir)))
    await finish(site, move)
  await rm(file)
}

async function finish({ repository }: Site, move: Move): Promise<void> {
  while (await isGoingOn(move)) await delay(POLL_MS)
  const head = await resolveOne({ gitDir: move.gitDir }, 'HEAD')
  if (head === move.from) {
    await dropStaleLock(repository.commonDir, move)
    await putBack(move)
  }
  if (head === move.from || head === move.to) await bringOn(move)
}

/** What a mark says; null for one that a failing disk has damaged, which must not keep everything else from landing. */
function moveIn(text: string): Move | null {
  try {
    const { gitDir, workTree, from, to } = (JSON.parse(text) ?? {}) as Partial<Move>
    if (gitDir === undefined || workTree === undefined || from === undefined || to === undefined) return null
    return { gitDir, workTree, from, to }
  } catch {
    return null
  }
}

/** Deletes a mark that a killed process had begun to write, unless somebody is landing just now. */
export async function sweepMarkDraft(site: Site): Promise<void> {
  const draft = `${markOf(site)}${DRAFT}`
  const lock = (await isThere(draft)) ? await site.locks.tryAcquire(LANDING_LOCK) : null
  if (lock === null) return
  try {
    await rm(draft, { force: true })
  } finally {
    await lock.release()
  }
}

/** Whether a fast-forward of a checkout was begun and not brought to its end, by anybody. */
export async function isMarkedLanding(site: Site): Promise<boolean> {
  return (await lookAt(markOf(site))) !== null
}

function markOf({ workshop }: Site): string {
  return join(workshop.directory, 'landing.json')
}

/** Killing an engine leaves the git process that it had started, which then comes to its end by itself. */
async function isGoingOn({ to }: Move): Promise<boolean> {
  const { stdout } = await run('ps', ['-A', '-o', 'args='])
  return stdout.split('\n').some((line) => line.includes('merge --quiet --ff-only') && line.includes(to))
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
