import { join } from 'node:path'
import type { Disk } from '../disk/disk.js'
import type { Segments } from '../file-log/segments.js'

/** A file beside the segments, or bytes in one, that mean nothing to the log. */
export interface Leftover {
  /**
   * - `temporary`: a segment, or bytes of one, that did not get their name before their maker died
   * - `torn`: bytes that were cut off a segment's end
   * - `replaced`: a segment as it was before a repair
   * - `void`: bytes behind the end of a segment that another one follows, left by a write that could not be synced
   * - `other`: a file that is not Coppice's
   */
  readonly kind: 'temporary' | 'torn' | 'replaced' | 'void' | 'other'
  readonly path: string
  /** Null if it cannot be read. */
  readonly bytes: number | null
}

/** What the names of files in the log's directory say; the first that matches counts. */
const KINDS: readonly (readonly [RegExp, Leftover['kind'] | null])[] = [
  [/^\d{8,}\.jsonl$/, null],
  [/^(\d{8,}\.jsonl|torn-\d{8,}-\d+(-\d+)?\.bin)\.tmp$/, 'temporary'],
  [/^torn-\d{8,}-\d+(-\d+)?\.bin$/, 'torn'],
  [/^replaced-\d{8,}(-\d+)?\.bin$/, 'replaced'],
  [/^/, 'other'],
]

/** The files beside the segments. */
export function leftoversOf(segments: Segments): Leftover[] {
  return segments.names().flatMap((name) => {
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? null
    const path = join(segments.directory, name)
    return kind === null ? [] : [{ kind, path, bytes: sizeOf(segments.disk, path) }]
  })
}

/** A file's bytes; null if it cannot be opened. */
export function sizeOf(disk: Disk, path: string): number | null {
  try {
    const file = disk.open(path, 'read')
    try {
      return file.size()
    } finally {
      file.close()
    }
  } catch {
    return null
  }
}
