import { measureIn } from '../harness/child.mjs'
import { compare } from '../harness/compare.mjs'
import { count, ratioCell } from '../harness/table.mjs'

const program = new URL('programs/open.mjs', import.meta.url)

const MOST = 0.05

/** Opening an engine on a log with its snapshot, against opening it on the log alone. */
export async function opening({ rounds, directory, events, tasks, live }) {
  const measure = (withSnapshot) => measureIn(program, { directory, withSnapshot, events, live })
  // The first one finds no snapshot, and leaves one behind.
  await measure(true)
  const [comparison] = await compare({
    rounds,
    against: () => measure(false),
    contenders: [{ name: 'opening with the snapshot', measure: () => measure(true) }],
  })
  const { value, against, ratio } = comparison
  return [
    {
      measure: `opening ${count(events)} events, ${count(tasks)} tasks, ${live} of them live`,
      result: `${count(value)} ms`,
      against: `without the snapshot: ${count(against)} ms`,
      ratio: ratioCell(comparison, (part) => `${(part * 100).toFixed(1)} %`),
      bar: `≤ ${MOST * 100} %`,
      isMet: ratio <= MOST,
    },
  ]
}
