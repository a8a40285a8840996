import { MAX_RECORD_BYTES } from '../format/limits.js'
import type { Damage } from '../inspection/finding.js'
import { correctByte, MAX_BIT_SEARCH, MAX_BYTE_SEARCH, type Correction } from './correct-byte.js'
import { correctHeader } from './correct-header.js'
import { deriveHeader } from './derive-header.js'
import type { Draft } from './draft.js'
import type { Fix, NoFix } from './fix.js'
import { overwrite } from './pieces.js'

/** Bytes that hold a broken line and the one behind it, which a lost newline may have joined. */
const TWO_LINES = 2 * MAX_RECORD_BYTES

/** A place where a line is broken that is chained to a known one. */
export type BrokenLine = Pick<Damage, 'segment' | 'path' | 'offset' | 'after'>

/** Finds what was written in a damaged place from what is left there and around it. */
export async function restoreBytes(draft: Draft, damage: Damage): Promise<Fix | NoFix> {
  return damage.line === 1 ? restoreHeader(draft, damage) : restoreByte(draft, damage)
}

async function restoreHeader(draft: Draft, damage: Damage): Promise<Fix | NoFix> {
  const { segment, path, sequence, after: previous, before } = damage
  const bytes = await draft.read(segment, 0, TWO_LINES)
  const line = previous === null ? null : deriveHeader({ segment, first: sequence, previous }, bytes, before)
  if (line !== null) {
    const item = { kind: 'rewrite-header', segment, path } as const
    return { item, segment, pieces: overwrite(draft.contentOf(segment), 0, line) }
  }
  const correction = await correctHeader(bytes)
  if (correction !== null) return fixOf(draft, damage, correction)
  return { reason: 'nothing behind the header proves what it was, and no single byte makes it right' }
}

/** Finds the one byte that was changed in a line. */
export async function restoreByte(draft: Draft, line: BrokenLine): Promise<Fix | NoFix> {
  const { segment, offset, after } = line
  if (after === null) return { reason: 'the line before it is damaged too' }
  const found = await correctByte(await draft.read(segment, offset, TWO_LINES), after)
  if (found === 'none') return { reason: 'no single byte makes it right' }
  if (found === 'too-long') {
    const limits = `${MAX_BYTE_SEARCH} bytes, or for a single bit ${MAX_BIT_SEARCH},`
    return { reason: `it is longer than ${limits} so that not every byte was tried` }
  }
  return fixOf(draft, line, found)
}

function fixOf(draft: Draft, { segment, path, offset }: BrokenLine, { at, from, to }: Correction): Fix {
  const item = { kind: 'correct-byte', segment, path, offset: offset + at, from, to } as const
  return { item, segment, pieces: overwrite(draft.contentOf(segment), offset + at, Buffer.of(to)) }
}
