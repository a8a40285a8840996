import { hash } from 'node:crypto'

const NEWLINE = 0x0a
const MAX_HEADER_BYTES = 4_096
const MAX_RECORD_BYTES = 1_048_576

/** `,"hash":"`, the digits, and what ends a line. */
const TAIL_BYTES = 76
const TAIL = /^,"hash":"([0-9a-f]{64})"\}\n$/

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The lines of a segment with their newlines; the last one may have none. */
export function linesOf(bytes) {
  const lines = []
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline + 1
    lines.push(bytes.subarray(start, end))
    start = end
  }
  return lines
}

/** The JSON object that a text holds, or null. */
export function objectIn(text) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** The fields of a segment's first line if it is a good header, be its version known or not. */
export function headerIn(line) {
  if (line === undefined || line.length > MAX_HEADER_BYTES) return null
  const claimed = objectIn(line.toString('utf8'))?.prev
  if (typeof claimed !== 'string' || !/^[0-9a-f]{64}$/.test(claimed)) return null
  const header = sealedIn(line, claimed)
  if (header === null || header.log !== 'coppice' || !isCount(header.v, 1)) return null
  if (header.v > 2) return header
  return isCount(header.segment, 1) && isCount(header.first, 1) ? header : null
}

/**
 * The fields of a line if it has the form of a good record after the line with that hash, those that may be left out
 * included.
 */
export function recordIn(line, previous) {
  if (line.length > MAX_RECORD_BYTES) return null
  const record = withDefaults(sealedIn(line, previous))
  if (record === null || !isCount(record.v, 1)) return null
  const isGood =
    isCount(record.seq, 1) &&
    isCount(record.version, 1) &&
    isCount(record.more, 0) &&
    isCount(record.synced, 0) &&
    typeof record.stream === 'string' &&
    typeof record.type === 'string' &&
    typeof record.at === 'string' &&
    record.data !== undefined
  return isGood ? record : null
}

function withDefaults(record) {
  if (record === null) return null
  return record.v === 1 ? { ...record, synced: 0 } : { more: 0, synced: record.seq - 1, ...record }
}

/** The fields of a line whose hash is right. */
function sealedIn(line, previous) {
  const tail = TAIL.exec(line.toString('latin1', Math.max(line.length - TAIL_BYTES, 0)))
  if (tail === null) return null
  const body = line.subarray(0, line.length - TAIL_BYTES)
  if (hash('sha256', Buffer.concat([Buffer.from(`${previous}"}\n`), body])) !== tail[1]) return null
  try {
    return objectIn(utf8.decode(line))
  } catch {
    return null
  }
}

export function isCount(value, least) {
  return Number.isSafeInteger(value) && value >= least
}
