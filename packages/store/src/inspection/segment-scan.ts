import type { DiskFile } from '../disk/disk.js'
import { tailOf, withoutRoom } from '../file-log/torn-tail.js'
import { FORMAT_VERSION } from '../format/limits.js'
import { GENESIS_HASH, LINK_BYTES, linkAfter } from '../format/line.js'
import type { Location } from './finding.js'
import type { Tail } from './log-report.js'
import { RawLines, type RawLine } from './raw-lines.js'
import { hashBefore, readAlone, readNext, type GoodRecord } from './read-record.js'
import {
  newerThanKnown,
  type Position,
  type ScanListener,
  type SegmentBounds,
  type SegmentEnd,
  type Wrong,
} from './segment-bounds.js'

interface Pending extends GoodRecord {
  readonly location: Location
}

/** Reads one segment to its end, past everything that is broken in it. */
export class SegmentScan {
  /** Behind the last good record, and behind the last whole append. */
  #at: Position
  #whole: Position
  /** What the last good record leaves to come of its append. */
  #more: number | null = null
  /** The records of an append that is not whole yet. */
  #pending: Pending[] = []
  /** Where something is broken whose end has not come yet, and the end of its last line so far. */
  #broken: { readonly at: Position; readonly wrong: Wrong; end: number } | null = null

  constructor(
    private readonly file: DiskFile,
    private readonly bounds: SegmentBounds,
    private readonly listener: ScanListener,
    private readonly onProgress: (offset: number) => void,
  ) {
    this.#at = this.#whole = bounds.start
    if (bounds.brokenHeader !== null) this.#break(bounds.brokenHeader, 0)
  }

  async run(): Promise<SegmentEnd> {
    const { offset, line, hash } = this.bounds.start
    const lines = new RawLines(this.file, linkAfter(hash ?? GENESIS_HASH), { offset, line })
    for (;;) {
      const next = lines.next()
      const found = next instanceof Promise ? await next : next
      if (next instanceof Promise) this.onProgress(found?.offset ?? offset)
      if (found === null) return this.#atEndOfFile()
      if (this.#isAtEnd()) return this.#ended(found.offset)
      const wrong = this.#broken === null ? this.#readNext(found) : this.#readBehind(found)
      if (wrong === null) continue
      const end = await this.#endAt(found)
      if (end !== null) return end
      this.#break(wrong, found.next)
    }
  }

  #readNext(line: RawLine): Wrong | null {
    const decoded = readNext(line, this.#at.sequence + 1, this.#more)
    if (decoded.kind === 'newer') return newerThanKnown(decoded.version)
    if (decoded.kind === 'damaged') return decoded
    this.#accept(decoded, line)
    return null
  }

  /** Looks whether a line behind something broken is a good record. */
  #readBehind(line: RawLine): null {
    const broken = this.#broken
    if (broken === null) return null
    const least = broken.at.sequence + 1
    const last = this.bounds.last?.sequence ?? 0
    const record = readAlone(line, least, last < least ? Number.POSITIVE_INFINITY : last)
    if (record === null) {
      if (line.next - line.offset > 1) broken.end = line.next
      return null
    }
    const before = hashBefore(line.buffer, line.start)
    this.#tell({ end: line.offset, records: record.fact.sequence - least, before })
    this.#more = null
    this.#accept(record, line)
    return null
  }

  #accept(record: GoodRecord, { offset, next, number }: RawLine): void {
    const { sequence, hash } = record.fact
    const { segment, path } = this.bounds
    this.#pending.push({ ...record, location: { segment, path, offset, line: number, sequence } })
    this.#at = { offset: next, line: number + 1, sequence, hash }
    this.#more = record.more
    if (record.more > 0) return
    this.#whole = this.#at
    this.#flush()
    this.#more = null
  }

  #flush(): void {
    for (const { fact, location } of this.#pending.splice(0)) this.listener.record(fact, location)
  }

  #break(wrong: Wrong, end: number): void {
    this.#flush()
    this.#broken = { at: this.#at, wrong, end }
  }

  /** Tells of what was broken up to here. */
  #tell(to: { readonly end: number; readonly records: number | null; readonly before: string | null }): void {
    if (this.#broken === null) return
    const { at, wrong } = this.#broken
    this.#broken = null
    const { segment, path } = this.bounds
    const { offset, line, hash: after } = at
    const location = { segment, path, offset, line, sequence: at.sequence + 1 }
    const { version, expected, found } = wrong
    if (version !== undefined) {
      this.listener.finding({ kind: 'newer-version', ...location, version, supported: FORMAT_VERSION })
    } else this.listener.finding({ kind: 'damaged', ...location, expected, found, after, ...to })
  }

  /** Whether the segment ends here, as the one that follows says. */
  #isAtEnd(): boolean {
    const { last } = this.bounds
    return (
      last !== null &&
      this.#broken === null &&
      last.sequence === this.#whole.sequence &&
      last.hash === this.#whole.hash
    )
  }

  /** The end, if what is from a line on that is no record is not damaged. */
  async #endAt({ offset }: RawLine): Promise<SegmentEnd | null> {
    const { isLast, last } = this.bounds
    if (last !== null) return this.#whole.sequence < last.sequence ? null : this.#ended(offset)
    const rest = await this.#rest(offset)
    const tail = tailOf(rest, this.#whole.sequence)
    const isEmpty = tail === 'room' && this.#pending.length === 0
    if (!isLast) return isEmpty ? this.#ended(offset) : null
    if (tail === 'damaged') return null
    return isEmpty
      ? this.#done({ kind: 'room', bytes: rest.length })
      : this.#interrupted(offset, withoutRoom(rest).length)
  }

  async #atEndOfFile(): Promise<SegmentEnd> {
    const { isLast, last } = this.bounds
    if (this.#broken !== null) {
      const { at, end } = this.#broken
      const records = last === null ? null : Math.max(last.sequence - at.sequence, 0)
      this.#tell({ end, records, before: isLast ? await this.#hashBefore(end) : (last?.hash ?? null) })
      return this.#done({ kind: 'nothing' }, false)
    }
    const { offset } = this.#at
    if (isLast && this.#pending.length > 0) return this.#interrupted(offset, 0)
    const isTooShort = last === null ? this.#pending.length > 0 : this.#whole.sequence < last.sequence
    if (!isTooShort) return this.#done({ kind: 'nothing' })
    this.#pending = []
    this.#at = this.#whole
    this.#break({ expected: `record ${this.#at.sequence + 1}`, found: 'the end of the segment' }, offset)
    const records = last === null ? null : last.sequence - this.#at.sequence
    this.#tell({ end: offset, records, before: last?.hash ?? null })
    return this.#done({ kind: 'nothing' }, false)
  }

  #ended(offset: number): SegmentEnd {
    return { ...this.#done({ kind: 'nothing' }), voidBytes: Math.max(this.file.size() - offset, 0) }
  }

  #interrupted(brokenAt: number, bytes: number): SegmentEnd {
    const after = this.#at.hash ?? GENESIS_HASH
    const { segment, path } = this.bounds
    const { offset } = this.#whole
    const torn = { segment, path, offset, bytes: brokenAt - offset + bytes }
    return this.#done({ kind: 'interrupted-write', ...torn, brokenAt, after })
  }

  #done(tail: Tail, isKnown = true): SegmentEnd {
    return { end: this.#whole, tail, voidBytes: 0, isKnown }
  }

  async #rest(offset: number): Promise<Buffer> {
    const rest = Buffer.allocUnsafe(Math.max(this.file.size() - offset, 0))
    return rest.subarray(0, await this.file.read(rest, offset))
  }

  async #hashBefore(offset: number): Promise<string | null> {
    const link = Buffer.alloc(LINK_BYTES)
    await this.file.read(link, Math.max(offset - LINK_BYTES, 0))
    return hashBefore(link, LINK_BYTES)
  }
}
