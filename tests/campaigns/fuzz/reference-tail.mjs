import { isCount, objectIn } from './reference-lines.mjs'

const NEWLINE = 0x0a

/** Room that is reserved has very many of them. */
const EMPTY_LINE_BYTES = 1

/**
 * Whether what is behind the last whole append is damage, and not what an interrupted write left.
 *
 * @param lines from the first one on that is no good record
 * @param readable the sequence of the last whole append
 */
export function isDamage(lines, readable) {
  return lines.some((line, index) => {
    if (line.length === EMPTY_LINE_BYTES) return false
    const record = line.at(-1) === NEWLINE ? objectIn(line.toString('utf8')) : null
    if (record === null || !Object.hasOwn(record, 'hash')) return false
    return index === 0 || record.v === 1 || !(syncedOf(record) <= readable)
  })
}

/** What was synced before a record was written, as the record says or leaves out; NaN if it says nothing sensible. */
function syncedOf({ seq, synced }) {
  if (synced !== undefined) return isCount(synced, 0) ? synced : Number.NaN
  return isCount(seq, 1) ? seq - 1 : Number.NaN
}
