import type { DiskFile } from '../disk/disk.js'
import { decodeHeader, type Header } from '../format/header.js'
import { MAX_HEADER_BYTES } from '../format/limits.js'
import { NEWLINE } from '../format/line.js'

/** A good header. */
export interface GoodEntry {
  readonly kind: 'header'
  readonly header: Header
  readonly hash: string
  /** Bytes of its line. */
  readonly length: number
}

/** What the beginning of a segment's file says. */
export type SegmentEntry =
  | GoodEntry
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' }

export function readEntry(file: DiskFile): SegmentEntry {
  const buffer = Buffer.alloc(MAX_HEADER_BYTES)
  const bytes = buffer.subarray(0, file.readNow(buffer, 0))
  const length = bytes.indexOf(NEWLINE) + 1
  const decoded = decodeHeader(bytes.subarray(0, length))
  return decoded.kind === 'header' ? { ...decoded, length } : decoded
}
