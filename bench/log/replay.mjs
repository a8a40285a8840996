import { measureIn } from '../harness/child.mjs'
import { compare } from '../harness/compare.mjs'
import { count, ratioCell } from '../harness/table.mjs'

const LEAST_EVENTS_A_SECOND = 400_000
const MOST_BYTES = 150_000_000
const MEGABYTE = 1_000_000

/** Reading a whole log with every hash checked and every record parsed, against parsing alone. */
export async function replay({ rounds, directory, events }) {
  const measure = (program) =>
    measureIn(new URL(`programs/${program}.mjs`, import.meta.url), { directory, events })
  const [comparison] = await compare({
    rounds,
    against: () => measure('replay-floor'),
    contenders: [{ name: 'verified replay', measure: () => measure('replay') }],
  })
  const { value, against, peakBytes } = comparison
  return [
    {
      measure: `verified replay of ${count(events)} events`,
      result: `${count(value)}/s`,
      against: `parsing each line, no hash: ${count(against)}/s`,
      ratio: ratioCell(comparison, (ratio) => `${ratio.toFixed(2)}x`),
      bar: `≥ ${count(LEAST_EVENTS_A_SECOND)}/s`,
      isMet: value >= LEAST_EVENTS_A_SECOND,
    },
    {
      measure: 'peak memory of that replay',
      result: `${(peakBytes / MEGABYTE).toFixed(0)} MB`,
      bar: `< ${MOST_BYTES / MEGABYTE} MB`,
      isMet: peakBytes < MOST_BYTES,
    },
  ]
}
