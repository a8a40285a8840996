import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Archive } from '../archive/archive.js'
import { isCount } from '../format/json.js'

/** The caches beside the log, each an archive that says up to which record of the log it goes. */
export const CACHES = ['heads', 'snapshot'] as const

/** A cache beside the log. Whatever is wrong with it, nothing is lost: it is made again from the log. */
export interface CacheCheck {
  readonly name: (typeof CACHES)[number]
  readonly path: string
  /**
   * - `none`: it was not made yet
   * - `good`: it belongs to this log
   * - `foreign`: it belongs to another log, or is of another version
   * - `ahead`: it goes further than the log, so that the log may have lost its end
   * - `unknown`: the record with which it ends cannot be read
   * - `damaged`: it is not whole
   */
  readonly state: 'none' | 'good' | 'foreign' | 'ahead' | 'unknown' | 'damaged'
  /** The record up to which it goes; null if it does not say. */
  readonly sequence: number | null
}

/** What a cache says of the log. */
export interface CacheEnd {
  readonly name: CacheCheck['name']
  readonly path: string
  readonly isThere: boolean
  /** Null if it is not whole. */
  readonly meta: { readonly sequence: number; readonly hash: string } | null
}

/** Reads what the caches say; writes nothing. */
export async function readCaches(stateDirectory: string): Promise<CacheEnd[]> {
  return Promise.all(
    CACHES.map(async (name) => {
      const archive = new Archive(stateDirectory, name)
      const path = join(stateDirectory, `${name}.json`)
      try {
        return { name, path, isThere: existsSync(path), meta: endOf(await archive.open()) }
      } finally {
        archive.close()
      }
    }),
  )
}

function endOf(meta: object | null): CacheEnd['meta'] {
  const found = meta !== null && 'end' in meta ? meta.end : meta
  const { sequence, hash } = (found ?? {}) as { readonly sequence?: unknown; readonly hash?: unknown }
  return isCount(sequence, 0) && typeof hash === 'string' ? { sequence, hash } : null
}

/**
 * Compares a cache with the log.
 *
 * @param seen hashes with which caches end, those of them that the log has
 * @param last the sequence of the log's last record; null if not all of the log could be read
 */
export function checkCache(cache: CacheEnd, seen: ReadonlySet<string>, last: number | null): CacheCheck {
  const { name, path, meta } = cache
  return { name, path, state: stateOf(cache, seen, last), sequence: meta?.sequence ?? null }
}

function stateOf(
  { isThere, meta }: CacheEnd,
  seen: ReadonlySet<string>,
  last: number | null,
): CacheCheck['state'] {
  if (!isThere) return 'none'
  if (meta === null) return 'damaged'
  if (seen.has(meta.hash)) return 'good'
  if (last === null) return 'unknown'
  return meta.sequence > last ? 'ahead' : 'foreign'
}
