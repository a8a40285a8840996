import { goodLines } from './good-lines.js'
import { isCount, parseObject } from './json.js'
import { FORMAT_VERSION, MAX_HEADER_BYTES } from './limits.js'
import { linkAfter, LINK_BYTES } from './line.js'
import { SealedLines } from './sealed-lines.js'

/** The first line of a segment. */
export interface Header {
  readonly segment: number
  /** The sequence of the segment's first record. */
  readonly first: number
  /** The hash of the last line of the segment before, so that the chain crosses segments. */
  readonly previous: string
}

export type DecodedHeader =
  | { readonly kind: 'header'; readonly header: Header; readonly hash: string }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' }

/** The header's line, and its hash. */
export function encodeHeader({ segment, first, previous }: Header): { bytes: Buffer; hash: string } {
  const lines = new SealedLines(previous, MAX_HEADER_BYTES)
  const hash = lines.add(
    `{"v":${FORMAT_VERSION},"log":"coppice","segment":${segment},"first":${first},"prev":"${previous}"`,
  )
  return { bytes: lines.finish(), hash }
}

/** Reads a header's line, its newline included. */
export function decodeHeader(line: Buffer): DecodedHeader {
  const { v, log, segment, first, prev, hash } = parseObject(line.toString('utf8')) ?? {}
  if (typeof prev !== 'string' || log !== 'coppice') return { kind: 'damaged' }
  const link = Buffer.from(linkAfter(prev), 'latin1')
  if (link.length !== LINK_BYTES) return { kind: 'damaged' }
  const chained = Buffer.concat([link, line])
  if (line.length === 0 || goodLines(chained) !== chained.length || !isCount(v, 1)) return { kind: 'damaged' }
  if (v > FORMAT_VERSION) return { kind: 'newer', version: v }
  if (!isCount(segment, 1) || !isCount(first, 1) || typeof hash !== 'string') return { kind: 'damaged' }
  return { kind: 'header', header: { segment, first, previous: prev }, hash }
}
