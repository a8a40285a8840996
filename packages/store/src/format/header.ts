import { isCount, parseObject } from './json.js'
import { FORMAT_VERSION } from './limits.js'
import { linkAfter, LINK_BYTES, seal, verifiedHash, type SealedLine } from './line.js'

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

export function encodeHeader({ segment, first, previous }: Header): SealedLine {
  const body = `{"v":${FORMAT_VERSION},"log":"coppice","segment":${segment},"first":${first},"prev":"${previous}"`
  return seal(previous, body)
}

/** Reads a header's line, its newline included. */
export function decodeHeader(line: Buffer): DecodedHeader {
  const { v, log, segment, first, prev } = parseObject(line.toString('utf8')) ?? {}
  if (typeof prev !== 'string' || log !== 'coppice') return { kind: 'damaged' }
  const link = Buffer.from(linkAfter(prev), 'latin1')
  const chained = link.length === LINK_BYTES ? Buffer.concat([link, line]) : null
  const hash = chained && verifiedHash(chained, LINK_BYTES, chained.length)
  if (hash === null || !isCount(v, 1)) return { kind: 'damaged' }
  if (v > FORMAT_VERSION) return { kind: 'newer', version: v }
  if (!isCount(segment, 1) || !isCount(first, 1)) return { kind: 'damaged' }
  return { kind: 'header', header: { segment, first, previous: prev }, hash }
}
