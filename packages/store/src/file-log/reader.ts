import { statSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isCoppiceError } from '@coppice/core'
import { LogCorruptError, LogReadError } from '../errors/log-errors.js'
import { readBytes } from './read-bytes.js'
import type { Cursor } from './cursor.js'
import { readHeader } from './headers.js'
import type { LogIo } from './io.js'
import type { Known } from './known.js'
import { SegmentDecoder } from './segment-decoder.js'
import type { Segments } from './segments.js'
import type { Stretch } from './stretch.js'
import { isTorn } from './torn-tail.js'

const READ_BYTES = 262_144

/** How often a reader without the lock looks again at an odd tail, which a writer may just be cutting off. */
const SECOND_LOOKS = 3
const SECOND_LOOK_MS = 5

/** Where a reading stopped. */
export interface LogEnd {
  readonly cursor: Cursor
  /** Bytes behind it: an append that another process is just writing, or that one never finished. */
  readonly torn: number
}

interface SegmentEnd {
  readonly cursor: Cursor
  readonly size: number
  readonly fault: SegmentDecoder['fault']
}

/** Reads the segments one after the other. It only reads, so that it works where nothing may be written. */
export class LogReader {
  constructor(
    private readonly segments: Segments,
    private readonly known: Known,
    private readonly io: LogIo,
  ) {}

  /** The known place, or the start of a segment, from which a reading reaches a sequence soonest. */
  async startOf(sequence: number): Promise<Cursor> {
    const known = this.known.positions.before(sequence)
    if (known !== this.known.positions.latest || known.sequence + 1 === sequence) return known
    for (let segment = this.segments.last(); segment > known.segment + 1; segment--) {
      const start = await this.#enter(segment, null)
      if (start.sequence < sequence) return start
    }
    return known
  }

  /**
   * All whole and durable appends from a place to the end of the log.
   *
   * @param isLocked whether the caller holds the append lock, so that nothing changes meanwhile
   */
  async *stretches(from: Cursor, isLocked: boolean): AsyncGenerator<Stretch, LogEnd> {
    let cursor = from
    for (let looks = 0; ;) {
      // Asked before the segment is read: when the next one is there, nothing is added to this one any more.
      const isLast = !this.segments.exists(cursor.segment + 1)
      const end = cursor.segment === 0 ? null : yield* this.#segment(cursor, isLast && !isLocked)
      if (end !== null) cursor = end.cursor
      if (!isLast) {
        if (end !== null) this.#requireWhole(end)
        const next = await this.#enter(cursor.segment + 1, cursor)
        yield this.#learn({ start: cursor, facts: [], offsets: [], end: next })
        cursor = next
        continue
      }
      if (end === null) return { cursor, torn: 0 }
      if (end.fault === null) return { cursor, torn: end.size - cursor.offset }
      if (!isLocked && looks++ < SECOND_LOOKS) {
        await sleep(SECOND_LOOK_MS)
        continue
      }
      await this.#requireTorn(end)
      return { cursor, torn: end.size - cursor.offset }
    }
  }

  async *#segment(start: Cursor, mustSync: boolean): AsyncGenerator<Stretch, SegmentEnd> {
    const path = this.segments.path(start.segment)
    const { size } = await reading(path, async () => statSync(path))
    if (size < start.offset) throw new LogCorruptError(path, size, `${start.offset} bytes or more`, `${size}`)
    if (size === start.offset) return { cursor: start, size, fault: null }
    const decoder = new SegmentDecoder(path, start)
    const handle = await reading(path, () => open(path, 'r'))
    try {
      if (mustSync) await this.#sync(handle, path, start.segment, size)
      for (let offset = start.offset; offset < size && decoder.fault === null;) {
        const bytes = await reading(path, () =>
          readBytes(handle, offset, Math.min(READ_BYTES, size - offset)),
        )
        if (bytes.length === 0) break
        offset += bytes.length
        const stretch = decoder.feed(bytes)
        if (mustSync) this.known.durable.mark(start.segment, stretch.end.offset)
        if (stretch.facts.length > 0) yield this.#learn(stretch)
      }
    } finally {
      await handle.close()
    }
    return { cursor: decoder.end, size, fault: decoder.fault }
  }

  /** Another process may have written what it did not yet sync; what a reader acts on has to be durable. */
  async #sync(handle: FileHandle, path: string, segment: number, size: number): Promise<void> {
    if (this.known.durable.covers(segment, size)) return
    await reading(path, () => this.io.fdatasync(handle.fd))
  }

  async #enter(segment: number, before: Cursor | null): Promise<Cursor> {
    const path = this.segments.path(segment)
    const handle = await reading(path, () => open(path, 'r'))
    try {
      return await reading(path, () => readHeader(handle, path, segment, before))
    } finally {
      await handle.close()
    }
  }

  #learn(stretch: Stretch): Stretch {
    this.known.heads.observe(stretch, this.segments.path(stretch.end.segment))
    this.known.positions.add(stretch.end)
    return stretch
  }

  #requireWhole({ cursor, size, fault }: SegmentEnd): void {
    if (fault !== null) throw fault
    if (size === cursor.offset) return
    const path = this.segments.path(cursor.segment)
    throw new LogCorruptError(path, cursor.offset, 'a whole append', 'the end of the segment')
  }

  async #requireTorn({ cursor, size, fault }: SegmentEnd): Promise<void> {
    if (fault === null) return
    if (!(fault instanceof LogCorruptError)) throw fault
    const path = this.segments.path(cursor.segment)
    const handle = await reading(path, () => open(path, 'r'))
    try {
      const rest = await reading(path, () => readBytes(handle, fault.offset, size - fault.offset))
      if (!isTorn(rest)) throw fault
    } finally {
      await handle.close()
    }
  }
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isCoppiceError(error) ? error : new LogReadError(path, error)
  }
}
