import type { Fact } from '@coppice/core'
import { FactNotJsonError, FactTooLargeError } from '../errors/fact-errors.js'
import { MAX_RECORD_BYTES } from './limits.js'
import { LINK_BYTES } from './line.js'

/** The part of a record that is known before the record has a place in the log. */
export interface FactJson {
  readonly text: string
  readonly bytes: number
}

/** Bytes of everything else in a record's line, with each number as long as it can be. */
const FRAME_BYTES =
  `{"v":,"seq":,"version":,"more":,,"hash":"`.length + 4 * String(Number.MAX_SAFE_INTEGER).length + LINK_BYTES

/**
 * Serializes a fact at once, so that later changes to its data do not reach the log.
 *
 * @throws {FactNotJsonError}
 * @throws {FactTooLargeError}
 */
export function factJson(stream: string, fact: Fact): FactJson {
  const text = `"stream":${json(fact, stream)},"type":${json(fact, fact.type)},"at":${json(fact, fact.at)},"data":${json(fact, fact.data)}`
  const bytes = Buffer.byteLength(text) + FRAME_BYTES
  if (bytes > MAX_RECORD_BYTES) throw new FactTooLargeError(fact.type, bytes, MAX_RECORD_BYTES)
  return { text, bytes }
}

function json({ type }: Fact, value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new FactNotJsonError(type, cause)
  }
  if (text === undefined) throw new FactNotJsonError(type)
  return text
}
