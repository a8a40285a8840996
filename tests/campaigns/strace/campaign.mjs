import { spread } from '../draw.mjs'
import { errorCases } from './errors.mjs'
import { killCases } from './kills.mjs'
import { NOT_REACHED } from './places.mjs'
import { shortWriteCases } from './short-writes.mjs'
import { Stage } from './stage.mjs'

export { obstacle } from './obstacle.mjs'

export const usage = 'strace [--long] [--case ID] [--install]   faults at the system calls of the file log'

export const options = {
  long: { type: 'boolean', default: false },
  case: { type: 'string' },
  install: { type: 'boolean', default: false },
}

/** How many cases of each group the short form runs, spread over all of them. */
const SAMPLE = 3

/** Cases from one line that tells how far it is to the next. */
const PROGRESS_EVERY = 250

/** The part of the cases that may miss their place in the process. */
const MOST_MISSED = 0.05

/**
 * Every case has an `id` that chooses it, the `group` that it stands for in the short form, and `run()`, which
 * answers with the `kind` of fault, the `ledger` and the `broken` promises.
 */
export async function run(values, tally) {
  const stage = new Stage()
  const cases = []
  for (const casesOf of [killCases, errorCases, shortWriteCases]) cases.push(...(await casesOf(stage)))
  const selected = chosen(cases, values)
  process.stdout.write(`${selected.length} of ${cases.length} cases\n`)
  for (const [index, { id, run: runCase }] of selected.entries()) {
    if (index > 0 && index % PROGRESS_EVERY === 0) process.stdout.write(`${index} done, now ${id}\n`)
    const { kind, ledger, broken } = await runCase()
    tally.count('acknowledged facts looked for', ledger.acknowledged.size)
    tally.add(kind, `--case ${id}`, broken)
  }
  const missed = tally.counted(NOT_REACHED)
  if (missed > tally.cases * MOST_MISSED)
    tally.add(NOT_REACHED, '', [`${missed} cases, so that little is shown`])
  stage.remove()
}

/** One case or all whose id begins so, all there are, or of each group a few that are spread over it. */
function chosen(cases, { long, case: only }) {
  if (only !== undefined) return cases.filter(({ id }) => `${id}/`.startsWith(`${only}/`))
  if (long) return cases
  const groups = new Map()
  for (const one of cases) groups.set(one.group, [...(groups.get(one.group) ?? []), one])
  return [...groups.values()].flatMap((group) => spread(group, SAMPLE))
}
