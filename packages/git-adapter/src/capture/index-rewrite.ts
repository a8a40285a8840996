import { createHash } from 'node:crypto'
import {
  ASSUME_UNCHANGED,
  EXTENDED,
  HEADER_LENGTH,
  INTENT_TO_ADD,
  MODE_AT,
  paddedLength,
  SKIP_WORKTREE,
  STAT_LENGTH,
  type IndexEntry,
} from './index-file.js'

/** Makes git look at an entry's file again, whatever the index knew of it and whatever the agent told it to assume. */
export function forget(file: Buffer, { offset }: Pick<IndexEntry, 'offset'>, oidLength: number): void {
  const mode = file.readUInt32BE(offset + MODE_AT)
  file.fill(0, offset, offset + STAT_LENGTH)
  file.writeUInt32BE(mode, offset + MODE_AT)
  const flagsAt = offset + STAT_LENGTH + oidLength
  file.writeUInt16BE(file.readUInt16BE(flagsAt) & ~ASSUME_UNCHANGED, flagsAt)
}

/** Puts the checksum right after a change. */
export function seal(file: Buffer, oidLength: number): void {
  const end = file.length - oidLength
  checksum(file.subarray(0, end), oidLength).copy(file, end)
}

/** Whether the checksum of an index is right, of whichever length; zeros stand for none, which git can be told to write. */
export function isSealed(file: Buffer): boolean {
  return [20, 32].some((oidLength) => {
    const end = file.length - oidLength
    if (end < HEADER_LENGTH) return false
    const said = file.subarray(end)
    return said.every((byte) => byte === 0) || said.equals(checksum(file.subarray(0, end), oidLength))
  })
}

/**
 * An index that says nothing but its entries: no times, no caches. The same entries always give the same bytes, so
 * that an index which is kept as it is shows whether it has changed.
 */
export function canonicalIndex(entries: readonly IndexEntry[], oidLength: number): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH)
  header.write('DIRC')
  header.writeUInt32BE(3, 4)
  header.writeUInt32BE(entries.length, 8)
  const content = Buffer.concat([header, ...entries.map((entry) => canonicalEntry(entry, oidLength))])
  return Buffer.concat([content, checksum(content, oidLength)])
}

/** Lengths of names from here on are not written in the flags. */
const LONG_NAME = 0xfff

function canonicalEntry(entry: IndexEntry, oidLength: number): Buffer {
  const { path, oid, mode, stage } = entry
  const extended = (entry.skipWorktree ? SKIP_WORKTREE : 0) | (entry.intentToAdd ? INTENT_TO_ADD : 0)
  const flagsAt = STAT_LENGTH + oidLength
  const nameAt = flagsAt + (extended === 0 ? 2 : 4)
  const bytes = Buffer.alloc(paddedLength(nameAt + path.length))
  bytes.writeUInt32BE(mode, MODE_AT)
  bytes.write(oid, STAT_LENGTH, 'hex')
  const flags = (entry.assumeUnchanged ? ASSUME_UNCHANGED : 0) | (extended === 0 ? 0 : EXTENDED)
  bytes.writeUInt16BE(flags | (stage << 12) | Math.min(path.length, LONG_NAME), flagsAt)
  if (extended !== 0) bytes.writeUInt16BE(extended, flagsAt + 2)
  path.copy(bytes, nameAt)
  return bytes
}

function checksum(content: Buffer, oidLength: number): Buffer {
  return createHash(oidLength === 32 ? 'sha256' : 'sha1')
    .update(content)
    .digest()
}
