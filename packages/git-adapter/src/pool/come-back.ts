import { basename } from 'node:path'
import type { Site } from '../site.js'
import { pristineOf } from './pristine.js'
import { sparesOf } from './spare.js'

/** Milliseconds that a task waits for a worktree which another one has given back. */
export const PATIENCE_MS = 1_000

/** What a worktree takes on the disk, some 1,500 small files, from which on a checkout takes longer than to wait for one that comes back. */
const WORTH_WAITING_BYTES = 6 * 2 ** 20

/**
 * Where a task has just given a worktree back, waits for it, for it is made ready sooner than another one is made. Answers whether
 * it is worth looking again: of several who wait, another one may be first.
 *
 * @param untilMs by `performance.now()`
 */
export async function mayComeBack(site: Site, untilMs: number, signal?: AbortSignal): Promise<boolean> {
  signal?.throwIfAborted()
  const leftMs = untilMs - performance.now()
  if (leftMs <= 0) return false
  if (!(await oneComesBack(site))) return (await sparesOf(site)).length > 0
  await site.rubbish.nextReuse(leftMs, signal)
  return true
}

/** Whether something lies in the trash of which a ready worktree is going to be made, maybe, and sooner than another one. */
async function oneComesBack(site: Site): Promise<boolean> {
  if ((site.poolLimits()?.size ?? 0) === 0) return false
  const known = [...site.rubbish.paths].map((path) => pristineOf(site, basename(path)))
  return (await Promise.all(known)).some((pristine) => (pristine?.bytes ?? 0) >= WORTH_WAITING_BYTES)
}
