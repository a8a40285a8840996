// Events that are found by their newline and parsed in a second, with nothing verified: a floor for any replay of JSON.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { report } from '../../harness/report.mjs'

const CHUNK_BYTES = 1_048_576
const NEWLINE = 10

await report(async ({ directory, events }) => {
  const segments = readdirSync(join(directory, 'log')).filter((name) => name.endsWith('.jsonl'))
  const started = performance.now()
  let lines = 0
  for (const name of segments.toSorted()) {
    for (const value of valuesIn(join(directory, 'log', name))) if (value.seq !== undefined) lines += 1
  }
  const seconds = (performance.now() - started) / 1000
  if (lines !== events) throw new Error(`the log holds ${lines} events, not ${events}`)
  return events / seconds
})

/** Every line of a file, parsed. No line is longer than a chunk. */
function* valuesIn(path) {
  const file = openSync(path, 'r')
  const buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES)
  let kept = 0
  for (;;) {
    const filled = kept + readSync(file, buffer, kept, CHUNK_BYTES, null)
    if (filled === kept) break
    let start = 0
    for (let end = buffer.indexOf(NEWLINE); end >= 0 && end < filled; end = buffer.indexOf(NEWLINE, start)) {
      // Empty lines are room that a log has reserved.
      if (end > start) yield JSON.parse(buffer.toString('utf8', start, end))
      start = end + 1
    }
    buffer.copyWithin(0, start, filled)
    kept = filled - start
  }
  closeSync(file)
}
