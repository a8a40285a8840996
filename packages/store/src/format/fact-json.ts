import type { Fact } from '@coppice/core'
import { FactNotJsonError, FactTooLargeError } from '../errors/fact-errors.js'
import { MAX_RECORD_BYTES } from './limits.js'
import { LINK_BYTES, MAX_UNIT_BYTES } from './line.js'
import { plainCopy } from './plain-copy.js'

/** The part of a record that is known before the record has a place in the log. */
export interface FactJson {
  /** The fields from `stream` on, up to the data. */
  readonly head: string
  readonly data: string
  readonly type: string
  readonly at: string
  /** A copy of the data, as a reader of the log gets it. */
  readonly copy: unknown
  /** Bytes that its record takes if all of it is ASCII, or a few less. */
  readonly size: number
}

/** Bytes of everything else in a record's line, with each number as long as it can be. */
const FRAME_BYTES =
  `{"v":,"seq":,"version":,"more":,"synced":,,"hash":"`.length +
  5 * String(Number.MAX_SAFE_INTEGER).length +
  LINK_BYTES

const PLAIN = /^[\w./:-]*$/

/**
 * Serializes a fact at once, so that later changes to its data do not reach the log.
 *
 * @throws {FactNotJsonError}
 * @throws {FactTooLargeError}
 */
export function factJson(stream: string, fact: Fact): FactJson {
  const { type, at } = fact
  const plain = plainCopyOf(fact)
  const data = jsonOf(fact, plain ?? fact.data)
  const head = `"stream":${quoted(fact, stream)},"type":${quoted(fact, type)},"at":${quoted(fact, at)},"data":`
  requireRoom(type, head, data)
  const size = head.length + data.length + FRAME_BYTES
  return { head, data, type, at, copy: plain ?? (JSON.parse(data) as unknown), size }
}

/** Bytes that the records of an append will take, about. */
export function sizeOf(json: readonly FactJson[]): number {
  let bytes = 0
  for (const { size } of json) bytes += size
  return bytes
}

function requireRoom(type: string, head: string, data: string): void {
  // Counting bytes takes longer than serializing, and is seldom needed.
  if ((head.length + data.length) * MAX_UNIT_BYTES + FRAME_BYTES <= MAX_RECORD_BYTES) return
  const bytes = Buffer.byteLength(head) + Buffer.byteLength(data) + FRAME_BYTES
  if (bytes > MAX_RECORD_BYTES) throw new FactTooLargeError(type, bytes, MAX_RECORD_BYTES)
}

/** What is written is the copy that is answered: to read data twice may give two answers. */
function plainCopyOf({ type, data }: Fact): unknown {
  try {
    return plainCopy(data)
  } catch (cause) {
    throw new FactNotJsonError(type, cause)
  }
}

function jsonOf({ type }: Fact, value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new FactNotJsonError(type, cause)
  }
  if (text === undefined) throw new FactNotJsonError(type)
  return text
}

/** Names and times seldom have a character that JSON escapes, and looking is quicker than serializing. */
function quoted(fact: Fact, value: unknown): string {
  if (typeof value !== 'string')
    throw new FactNotJsonError(fact.type, new TypeError('stream, type and time are strings'))
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)
}
