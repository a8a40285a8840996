import { compare } from '../../harness/compare.mjs'
import { stopwatch } from '../../harness/stopwatch.mjs'
import { coppice, node } from '../command.mjs'
import { grown } from '../repository/grown.mjs'
import { timeRow } from '../rows.mjs'

const WARM_UP = 2

/** The command that people type most, beside a Node that does nothing. */
export async function rowsOf({ entry, repositories, rounds }) {
  const { files, live, bars } = entry
  const repository = await grown(repositories, { files, live, finished: 0 })
  const [comparison] = await compare({
    rounds,
    warmUp: WARM_UP,
    against: () => stopwatch(() => node('-e', '0')),
    contenders: [{ name: 'coppice list', measure: () => stopwatch(() => coppice(repository, 'list')) }],
  })
  const { speed: _, ...row } = timeRow(comparison, {
    measure: `the command \`coppice list\`, ${live} live tasks`,
    against: 'node -e 0',
  })
  const { median, min, max } = comparison.difference
  const ratio = `**${more(median)}** (${more(min)} … ${more(max)})`
  if (bars.milliseconds === undefined) return [{ ...row, ratio }]
  return [{ ...row, ratio, bar: `≤ ${more(bars.milliseconds)}`, isMet: median <= bars.milliseconds }]
}

function more(milliseconds) {
  return `${milliseconds < 0 ? '' : '+'}${Math.round(milliseconds)} ms`
}
