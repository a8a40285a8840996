import type { RecordedFact } from '@coppice/core'
import type { DiskFile } from '../disk/disk.js'
import { ORIGIN } from '../file-log/cursor.js'
import type { Segments } from '../file-log/segments.js'
import type { Header } from '../format/header.js'
import { FactCheck } from './fact-check.js'
import type { FileFinding, Finding, Location } from './finding.js'
import type { Leftover } from './leftovers.js'
import type { LogEnd, Tail } from './log-report.js'
import { newerThanKnown, type SegmentBounds, type SegmentEnd, type Wrong } from './segment-bounds.js'
import { readEntry, type GoodEntry, type SegmentEntry } from '../file-log/segment-entry.js'
import { SegmentScan } from './segment-scan.js'

export interface ScanOptions {
  /** Hashes of which is to be said whether the log has them. */
  readonly wanted: ReadonlySet<string>
  /** Called now and then with how many bytes have been read. */
  readonly onProgress: (bytes: number) => void
  /** Called with every good record. */
  readonly onFact?: (fact: RecordedFact) => void
}

/** Reads a log from its beginning to its end, past everything that is broken in it. */
export class LogScan {
  readonly findings: Finding[] = []
  readonly voids: Leftover[] = []
  readonly seen = new Set<string>()
  readonly facts = new FactCheck((finding) => void this.findings.push(finding))
  segments = 0
  bytes = 0
  records = { before: 0, behind: 0 }
  firstAt: string | null = null
  lastAt: string | null = null
  end: LogEnd = ORIGIN
  tail: Tail = { kind: 'nothing' }
  /** Whether the files are as they were written, so far. */
  isReadable = true
  /** Up to where the log is known, and the last line's hash; null where that is damaged. */
  #sequence = 0
  #hash: string | null = ORIGIN.hash

  constructor(
    private readonly log: Segments,
    private readonly options: ScanOptions,
  ) {}

  async run(): Promise<void> {
    const numbers = this.log.numbers()
    let previous = 0
    for (const [index, segment] of numbers.entries()) {
      if (segment > previous + 1) this.#miss(previous + 1, segment)
      await this.#segment(segment, numbers[index + 1] ?? null)
      previous = segment
    }
  }

  async #segment(segment: number, next: number | null): Promise<void> {
    const path = this.log.path(segment)
    this.segments += 1
    let file: DiskFile | null = null
    try {
      file = this.log.disk.open(path, 'read')
      await this.#scan(file, segment, next)
      this.bytes += file.size()
    } catch (error) {
      if (!isSystemError(error)) throw error
      this.#tell({ kind: 'unreadable', ...this.#startOf(segment), reason: error.message })
      this.#hash = null
    } finally {
      file?.close()
    }
  }

  async #scan(file: DiskFile, segment: number, next: number | null): Promise<void> {
    const following = next === segment + 1 ? this.#headerOf(next) : null
    const last = following && { sequence: following.first - 1, hash: following.previous }
    const entry = readEntry(file)
    const isHeader = entry.kind === 'header'
    if (isHeader && entry.header.segment !== segment) {
      this.#misplaced(segment, entry.header.segment, file.size(), last)
      return
    }
    if (isHeader) this.#enter(entry, segment, last?.hash ?? null)
    const start = { sequence: this.#sequence, hash: this.#hash }
    const bounds: SegmentBounds = {
      segment,
      path: this.log.path(segment),
      start: isHeader ? { ...start, offset: entry.length, line: 2 } : { ...start, offset: 0, line: 1 },
      brokenHeader: brokenHeaderOf(entry),
      isLast: next === null,
      last,
    }
    const read = this.bytes
    const listener = {
      record: (fact: RecordedFact, location: Location): void => this.#record(fact, location),
      finding: (finding: FileFinding): void => this.#tell(finding),
    }
    const onProgress = (offset: number): void => this.options.onProgress(read + offset)
    this.#finish(bounds, await new SegmentScan(file, bounds, listener, onProgress).run())
  }

  /** Tells of a file that holds another segment than its name says. */
  #misplaced(segment: number, held: number, end: number, last: SegmentBounds['last']): void {
    this.#tell({
      kind: 'damaged',
      ...this.#startOf(segment),
      expected: `the header of segment ${segment}`,
      found: `that of segment ${held}`,
      end,
      records: last && Math.max(last.sequence - this.#sequence, 0),
      after: this.#hash,
      before: last?.hash ?? null,
    })
    this.#goOnAt(last?.sequence ?? this.#sequence, null)
  }

  /** Goes from one segment into the next. */
  #enter({ header, hash }: GoodEntry, segment: number, before: string | null): void {
    const after = this.#hash
    if (after !== null && (header.first !== this.#sequence + 1 || header.previous !== after)) {
      const expected = `a header that continues record ${this.#sequence} (${after})`
      const found = `one that continues record ${header.first - 1} (${header.previous})`
      this.#tell({ kind: 'chain-broken', ...this.#startOf(segment), expected, found, after, before })
    }
    this.#goOnAt(header.first - 1, hash)
  }

  #finish({ segment, path, last }: SegmentBounds, { end, tail, voidBytes, isKnown }: SegmentEnd): void {
    if (voidBytes > 0) this.voids.push({ kind: 'void', path, bytes: voidBytes })
    this.tail = tail
    this.end = { segment, offset: end.offset, sequence: end.sequence, hash: isKnown ? end.hash : null }
    if (isKnown) this.#goOnAt(end.sequence, end.hash)
    else this.#goOnAt(last?.sequence ?? end.sequence, null)
  }

  #miss(first: number, next: number): void {
    const header = this.#headerOf(next)
    this.#tell({
      kind: 'segments-missing',
      ...this.#startOf(first),
      last: next - 1,
      expected: 'a segment of the log',
      found: 'no file',
      records: header && Math.max(header.first - 1 - this.#sequence, 0),
      after: this.#hash,
      before: header?.previous ?? null,
    })
    this.#goOnAt(header === null ? this.#sequence : header.first - 1, null)
  }

  #record(fact: RecordedFact, location: Location): void {
    if (this.isReadable) this.records.before += 1
    else this.records.behind += 1
    this.firstAt ??= fact.at
    this.lastAt = fact.at
    this.#see(fact.hash)
    this.facts.add(fact, location)
    this.options.onFact?.(fact)
  }

  #tell(finding: FileFinding): void {
    this.findings.push(finding)
    this.isReadable = false
    this.facts.missesSome()
  }

  #goOnAt(sequence: number, hash: string | null): void {
    this.#sequence = sequence
    this.#hash = hash
    if (hash !== null) this.#see(hash)
  }

  #see(hash: string): void {
    if (this.options.wanted.has(hash)) this.seen.add(hash)
  }

  #startOf(segment: number): Location {
    return { segment, path: this.log.path(segment), offset: 0, line: 1, sequence: this.#sequence + 1 }
  }

  /** The header of a segment, if it is good. */
  #headerOf(segment: number): Header | null {
    try {
      const file = this.log.disk.open(this.log.path(segment), 'read')
      try {
        const entry = readEntry(file)
        return entry.kind === 'header' && entry.header.segment === segment ? entry.header : null
      } finally {
        file.close()
      }
    } catch {
      // What keeps it from being read is told when its turn comes.
      return null
    }
  }
}

function brokenHeaderOf(entry: SegmentEntry): Wrong | null {
  if (entry.kind === 'header') return null
  if (entry.kind === 'newer') return newerThanKnown(entry.version)
  return { expected: 'a segment header', found: 'something else' }
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error
}
