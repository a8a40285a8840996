import { join } from 'node:path'
import { CopiesNotFoundError } from '../errors/repair-errors.js'
import { Segments } from '../file-log/segments.js'
import { systemDisk } from '../disk/system-disk.js'
import type { Header } from '../format/header.js'
import type { DecodedRecord } from '../format/record.js'
import { linkAfter } from '../format/line.js'
import { RawLines } from '../inspection/raw-lines.js'
import { readNext } from '../inspection/read-record.js'
import { readEntry } from '../file-log/segment-entry.js'

/** How far a copy of a segment is good, and where its lines end. */
export interface Copy {
  readonly path: string
  readonly header: Header
  /** The hashes that were looked for and are in it, with the offset behind their lines. */
  readonly ends: ReadonlyMap<string, number>
}

/** Segments that somebody has kept elsewhere. They are only read. */
export class Copies {
  readonly #segments: Segments

  /**
   * @throws {CopiesNotFoundError} when there is no segment in the directory, and none in its `log`
   * @throws {LogReadError} when it cannot be read
   */
  constructor(readonly directory: string) {
    const places = [directory, join(directory, 'log')].map((path) => new Segments(path, systemDisk))
    const found = places.find((segments) => segments.numbers().length > 0)
    if (found === undefined) throw new CopiesNotFoundError(directory)
    this.#segments = found
  }

  /** Reads a copy as far as it is good, looking for lines with these hashes; null if there is no good header. */
  async find(segment: number, wanted: ReadonlySet<string>): Promise<Copy | null> {
    if (!this.#segments.exists(segment)) return null
    const path = this.#segments.path(segment)
    const file = this.#segments.disk.open(path, 'read')
    try {
      const entry = readEntry(file)
      if (entry.kind !== 'header' || entry.header.segment !== segment) return null
      const ends = new Map<string, number>()
      const see = (hash: string, end: number): void => void (wanted.has(hash) && ends.set(hash, end))
      see(entry.hash, entry.length)
      const lines = new RawLines(file, linkAfter(entry.hash), { offset: entry.length, line: 2 })
      let sequence = entry.header.first
      let more: number | null = null
      while (ends.size < wanted.size) {
        const line = await lines.next()
        const record: DecodedRecord | null = line && readNext(line, sequence, more)
        if (record?.kind !== 'record') break
        see(record.fact.hash, line?.next ?? 0)
        sequence += 1
        more = record.more === 0 ? null : record.more
      }
      return { path, header: entry.header, ends }
    } finally {
      file.close()
    }
  }
}
