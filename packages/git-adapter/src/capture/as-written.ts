import type { BigIntStats } from 'node:fs'
import type { IndexEntry } from './index-file.js'

const FILE = 0o100000
const LINK = 0o120000
const TYPE = 0o170000
const EXECUTABLE = 0o100

/** Bytes from the beginning of an index entry to the numbers that tell of its file (git's own documentation: gitformat-index). */
const CTIME_AT = 0
const MTIME_AT = 8
const INODE_AT = 20
const SIZE_AT = 36

/**
 * Whether a file is still the one of which an index tells, to the nanosecond: nobody has written it, nor put its times back, nor
 * given it a second name by which to write it later. Git itself compares seconds, and then runs whatever would convert the file.
 *
 * @param index the file that the entry was read from
 */
export function isAsWritten(index: Buffer, { offset, mode }: IndexEntry, found: BigIntStats): boolean {
  const number = (at: number): bigint => BigInt(index.readUInt32BE(offset + at))
  const time = (at: number): bigint => number(at) * NS_PER_SECOND + number(at + 4)
  return (
    isOfMode(mode, found) &&
    found.nlink === 1n &&
    low(found.ino) === number(INODE_AT) &&
    low(found.size) === number(SIZE_AT) &&
    found.ctimeNs === time(CTIME_AT) &&
    found.mtimeNs === time(MTIME_AT)
  )
}

const NS_PER_SECOND = 1_000_000_000n

/** An index has the lower 32 bits of a number. */
function low(value: bigint): bigint {
  return BigInt.asUintN(32, value)
}

function isOfMode(mode: number, found: BigIntStats): boolean {
  if ((mode & TYPE) === LINK) return found.isSymbolicLink()
  const isExecutable = (mode & EXECUTABLE) !== 0
  return (
    (mode & TYPE) === FILE && found.isFile() && ((Number(found.mode) & EXECUTABLE) !== 0) === isExecutable
  )
}
