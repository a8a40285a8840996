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
  /** The offset behind it in the segment. */
  readonly end: number
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

/** What the appends of a group come after. */
export interface Before {
  readonly end: Cursor
  versionOf(stream: string): number
}

/** What the next group comes after, if all of one lands. */
export function behind(group: Group, before: Before): Before {
  return {
    end: endOf(group, group.appends.length),
    versionOf: (stream) => group.versions.get(stream) ?? before.versionOf(stream),
  }
}

/**
 * Checks each append against what those before it will have made of its stream, and encodes those that pass.
 *
 * @param limit the size in bytes at which the segment is full; one append is taken in any case, and may exceed it
 */
export function planGroup(queue: readonly Waiting[], before: Before, limit: number): Group {
  const versions = new Map<string, number>()
  const appends: Planned[] = []
  const start = before.end
  const lines = new SealedLines(start.hash, roomFor(queue))
  let { sequence, offset: end } = start
  for (const waiting of queue) {
    if (end >= limit && appends.length > 0) break
    const { stream, json, expected } = waiting
    const version = versions.get(stream) ?? before.versionOf(stream)
    if (matchesExpectedVersion(version, expected)) {
      const facts = encodeAppend(lines, stream, json, { sequence, version, synced: start.sequence })
      sequence += facts.length
      end = start.offset + lines.length
      versions.set(stream, version + facts.length)
      appends.push({ waiting, answer: facts, end })
    } else {
      appends.push({ waiting, answer: new VersionConflictError(stream, expected, version), end })
    }
  }
  return { start, appends, bytes: lines.finish(), versions }
}

function roomFor(appends: readonly Waiting[]): number {
  let bytes = 0
  for (const { json } of appends) bytes += sizeOf(json)
  return bytes
}

/** The place behind the first so many appends of a group. */
export function endOf({ start, appends }: Group, count: number): Cursor {
  const offset = appends[count - 1]?.end ?? start.offset
  for (let index = count - 1; index >= 0; index--) {
    const answer = appends[index]?.answer
    const last = answer instanceof Error ? undefined : answer?.at(-1)
    if (last !== undefined) return { ...start, offset, sequence: last.sequence, hash: last.hash }
  }
  return start
}
