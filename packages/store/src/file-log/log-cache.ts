import { isCoppiceError } from '@coppice/core'
import type { Archive } from '../archive/archive.js'
import { SnapshotReadError } from '../errors/snapshot-read-error.js'
import { SnapshotSaveError } from '../errors/snapshot-save-error.js'
import { isCount } from '../format/json.js'
import type { Cursor } from './cursor.js'
import type { Known } from './known.js'
import type { LogReader } from './reader.js'
import { SegmentFile } from './segment-file.js'
import type { Segments } from './segments.js'

export type CacheFailure = SnapshotSaveError | SnapshotReadError

/** Rises when what is kept changes its form. */
const SCHEMA = 1

/** Records that must have come since the last save for another one to be worth its cost. */
const SAVE_INTERVAL = 256
/** The same for a save in the midst of work, which may touch every shard; reading so many again takes some seconds. */
export const BUSY_SAVE_INTERVAL = 1_048_576

/** Places in front of the end that are kept, so that a reader may go back a little without reading a segment. */
const MAX_PLACES = 64

interface CacheMeta {
  readonly schema: number
  readonly end: Cursor
  readonly places: readonly Cursor[]
}

/**
 * Keeps what was learnt of the log, so that the next opening need not read all of it: the versions of the streams in an
 * archive, and with it the place up to which they hold. The place is checked against the log when it is taken up.
 */
export class LogCache {
  #savedAt = 0
  /** Of the last record when a save was last tried. */
  #triedAt = 0
  #saving: Promise<void> | null = null

  constructor(
    private readonly archive: Archive<number>,
    private readonly segments: Segments,
    private readonly reader: LogReader,
    private readonly known: Known,
    private readonly busySaveInterval: number,
    private readonly onFailure: (error: CacheFailure) => void,
  ) {}

  async load(): Promise<void> {
    const meta: Partial<CacheMeta> | null = await this.#open()
    const { schema, end, places } = meta ?? {}
    if (schema !== SCHEMA || !isCursor(end) || !Array.isArray(places) || !places.every(isCursor))
      return this.#drop()
    if (!(await this.#isInLog(end))) return this.#drop()
    for (const place of [...places, end]) this.known.positions.add(place)
    this.known.heads.resume(end)
    this.known.durable.markProven(end)
    this.#savedAt = end.sequence
  }

  async #open(): Promise<object | null> {
    try {
      return await this.archive.open()
    } catch (cause) {
      this.onFailure(new SnapshotReadError(this.archive.path, cause))
      return null
    }
  }

  /** Saves beside the work, once there is enough that is new. */
  saveInPassing(): void {
    if (this.#saving === null && this.#isWorthwhile(this.busySaveInterval)) this.#saving = this.#save()
  }

  /** Saves if there is enough that is new, and lets go of the files. */
  async close(hasAppended: boolean): Promise<void> {
    await this.#saving
    if (hasAppended && this.#isWorthwhile(SAVE_INTERVAL)) await this.#save()
    this.archive.close()
  }

  #isWorthwhile(interval: number): boolean {
    const { end } = this.known.heads
    const isNew = end.sequence - Math.max(this.#savedAt, this.#triedAt) >= interval
    return isNew && this.known.durable.isProven(end)
  }

  async #save(): Promise<void> {
    const { end, before } = this.known.heads
    const { changes, keep } = this.known.heads.takeChanges()
    this.#triedAt = end.sequence
    const places = [...this.known.positions.upTo(before, MAX_PLACES), before]
    try {
      const isSaved = await this.archive.save({ schema: SCHEMA, end, places } satisfies CacheMeta, changes)
      keep(isSaved)
      if (isSaved) this.#savedAt = end.sequence
    } catch (error) {
      keep(false)
      if (isCoppiceError(error, 'archive-damaged')) this.known.heads.forget()
      else this.onFailure(new SnapshotSaveError(this.archive.path, error))
    } finally {
      this.#saving = null
    }
  }

  /** Whether the log has the very record there that the cache ends with, and has not gone on from one before it. */
  async #isInLog(end: Cursor): Promise<boolean> {
    const { segment } = end
    try {
      const file = new SegmentFile(segment, this.segments.path(segment), this.segments.disk, 'read')
      try {
        if (!file.holds(end)) return false
      } finally {
        file.close()
      }
      if (!this.segments.exists(segment + 1)) return true
      return end.sequence <= (await this.reader.startOfSegment(segment + 1)).sequence
    } catch {
      // Whatever keeps the segment from being read will be told by the reading that does without the cache.
      return false
    }
  }

  #drop(): void {
    this.archive.discard()
  }
}

function isCursor(value: unknown): value is Cursor {
  const { segment, offset, sequence, hash } = (value ?? {}) as Partial<Cursor>
  return isCount(segment, 0) && isCount(offset, 0) && isCount(sequence, 0) && typeof hash === 'string'
}
