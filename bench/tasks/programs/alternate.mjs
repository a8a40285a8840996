// One run of a pair of operations, ours and git's in turn, in a process that has the repository open.
import { report } from '../../harness/report.mjs'
import { PAIRS, WARM_UP } from '../pairs/pairs.mjs'
import { openWithPool } from '../pool.mjs'

await report(async ({ scenario, run, repository, entry, rounds }) => {
  const coppice = await openWithPool(repository, run.pool)
  const { measure } = PAIRS[scenario]
  const comparisons = await measure({ coppice, repository, entry, rounds, warmUp: WARM_UP, run })
  await coppice.close()
  return comparisons
})
