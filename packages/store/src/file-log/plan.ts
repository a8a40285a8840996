import {
  matchesExpectedVersion,
  VersionConflictError,
  type ExpectedVersion,
  type RecordedFact,
} from '@coppice/core'
import { encodeAppend } from '../format/append.js'
import type { FactJson } from '../format/fact-json.js'
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
  readonly text: string
  /** The place behind it. */
  readonly end: Cursor
}

/**
 * Takes appends from the queue for one write, each checked against what those before it will have made of its
 * stream.
 *
 * @param limit the size in bytes at which the segment is full; one append is taken in any case, and may exceed it
 */
export function planGroup(queue: Waiting[], heads: Heads, limit: number): Planned[] {
  const versions = new Map<string, number>()
  const group: Planned[] = []
  let end = heads.end
  for (const waiting of queue) {
    if (end.offset >= limit && group.length > 0) break
    const { stream, json, expected } = waiting
    const version = versions.get(stream) ?? heads.versionOf(stream)
    if (matchesExpectedVersion(version, expected)) {
      const { facts, text, end: chain } = encodeAppend(stream, json, end, version)
      const { sequence, hash } = chain
      end = { segment: end.segment, offset: end.offset + Buffer.byteLength(text), sequence, hash }
      versions.set(stream, version + facts.length)
      group.push({ waiting, answer: facts, text, end })
    } else {
      group.push({ waiting, answer: new VersionConflictError(stream, expected, version), text: '', end })
    }
  }
  queue.splice(0, group.length)
  return group
}
