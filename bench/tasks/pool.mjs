import { openCoppice } from './coppice.mjs'

/** Why there is no figure for a warm pool, where the library has none. */
export const NO_POOL = 'no pool'

/**
 * Opens a repository with a pool of so many ready worktrees; with 0, without one. Nothing is checkpointed behind what is
 * measured.
 */
export function openWithPool(repo, poolSize) {
  return openCoppice({ repo, poolSize, checkpointInterval: 0 })
}

export function hasPool(coppice) {
  return typeof coppice.fillPool === 'function'
}

/** Waits until the pool is full. One that stays empty would have what is cold pass for what is warm. */
export async function fillPool(coppice) {
  if (!hasPool(coppice)) return
  const { size, ready } = await coppice.fillPool()
  if (ready.length === 0 && size > 0) throw new Error('the pool stays empty')
}
