import {
  matchesExpectedVersion,
  VersionConflictError,
  type ExpectedVersion,
  type RecordedFact,
} from '@coppice/core'
import { encodeAppend } from '../format/append.js'
import { sizeOf, type FactJson } from '../format/fact-json.js'
import { SealedLines } from '../format/sealed-lines.js'
import type { Cursor } from './cursor.js'
import type { Heads } from './heads.js'

/** An append that waits for its turn. */
export interface Waiting {
  readonly stream: string
  readonly json: readonly FactJson[]
  readonly expected: ExpectedVersion
  readonly resolve: (facts: readonly RecordedFact[]) => void
  readonly reject: (error: unknown) => void
}

/** An append with its place, or with the conflict that it runs into. */
export interface Planned {
  readonly waiting: Waiting
  readonly answer: readonly RecordedFact[] | VersionConflictError
  /** The place behind it. */
  readonly end: Cursor
}

/** Appends that are written and synced together. */
export interface Group {
  readonly start: Cursor
  readonly appends: readonly Planned[]
  /** All their records. */
  readonly bytes: Buffer
  /** What their streams' versions are after them. */
  readonly versions: ReadonlyMap<string, number>
}

/**
 * Takes appends from the queue for one write, each checked against what those before it will have made of its
 * stream.
 *
 * @param limit the size in bytes at which the segment is full; one append is taken in any case, and may exceed it
 */
export function planGroup(queue: Waiting[], heads: Heads, limit: number): Group {
  const versions = new Map<string, number>()
  const appends: Planned[] = []
  const start = heads.end
  const room = queue.reduce((sum, { json }) => sum + sizeOf(json), 0)
  const lines = new SealedLines(start.hash, room)
  let end = start
  for (const waiting of queue) {
    if (end.offset >= limit && appends.length > 0) break
    const { stream, json, expected } = waiting
    const version = versions.get(stream) ?? heads.versionOf(stream)
    if (matchesExpectedVersion(version, expected)) {
      const preceding = { sequence: end.sequence, version, synced: start.sequence }
      const facts = encodeAppend(lines, stream, json, preceding)
      const { sequence, hash } = facts.at(-1) ?? end
      end = { segment: start.segment, offset: start.offset + lines.length, sequence, hash }
      versions.set(stream, version + facts.length)
      appends.push({ waiting, answer: facts, end })
    } else {
      appends.push({ waiting, answer: new VersionConflictError(stream, expected, version), end })
    }
  }
  queue.splice(0, appends.length)
  return { start, appends, bytes: lines.bytes, versions }
}
