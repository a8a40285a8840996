import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, readText } from '../files/look.js'
import { syncDirectory } from '../files/sync-directory.js'
import { syncFileSystems } from '../git/sync.js'
import { LANDING_LOCK, type Site } from '../site.js'
import type { Move } from './move.js'

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
  await syncDirectory(site.workshop.directory)
  const result = await work()
  await syncFileSystems(move.gitDir, move.workTree)
  await rm(file)
  return result
}

/** Whether a fast-forward of a checkout was begun and not brought to its end, by anybody. */
export function isMarkedLanding(site: Site): Promise<boolean> {
  return isThere(markOf(site))
}

/** What was begun and not brought to its end, or null; a mark that a failing disk has damaged tells no more than that. */
export async function markedMove(site: Site): Promise<Move | 'damaged' | null> {
  const text = await readText(markOf(site))
  return text === null ? null : (moveIn(text) ?? 'damaged')
}

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

export function markOf({ workshop }: Site): string {
  return join(workshop.directory, 'landing.json')
}
