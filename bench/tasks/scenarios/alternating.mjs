import { measureIn } from '../../harness/child.mjs'
import { PAIRS } from '../pairs/pairs.mjs'

const program = new URL('../programs/alternate.mjs', import.meta.url)

/** Large checkouts on a slow disk, round after round, in one process. */
const TIME_LIMIT_MS = 4 * 3_600_000

/** The rows of a pair of operations, each run of which is a process. */
export function alternating(scenario) {
  const { RUNS, rowsOf } = PAIRS[scenario]
  return async ({ entry, repositories, rounds }) => {
    const repository = await repositories.shared(entry.files)
    const rows = []
    for (const run of RUNS) {
      const options = { scenario, run, repository, entry, rounds }
      const { value } = await measureIn(program, options, { timeLimitMs: TIME_LIMIT_MS, isTelling: true })
      rows.push(...rowsOf(value, entry, run))
    }
    return rows
  }
}
