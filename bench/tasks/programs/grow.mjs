// Gives a repository a past: tasks that are finished, and tasks that are active, with their worktrees.
import { join } from 'node:path'
import { report } from '../../harness/report.mjs'
import { appendAll } from '../../log/contenders/append-all.mjs'
import { open } from '../../log/contenders/coppice.mjs'
import { histories } from '../../log/history.mjs'
import { inParallel } from '../life/in-parallel.mjs'
import { openWithPool } from '../pool.mjs'

const APPENDS_AT_A_TIME = 4096
const CREATIONS_AT_A_TIME = 4

await report(async ({ repository, live, finished }) => {
  const log = await open(join(repository, '.git/coppice'))
  await appendAll(log, histories(finished), APPENDS_AT_A_TIME)
  await log.close()

  const coppice = await openWithPool(repository, 0)
  const ids = Array.from({ length: live }, (_, number) => `live-${number + 1}`)
  await inParallel(ids, CREATIONS_AT_A_TIME, (id) => coppice.create({ id }))
  const active = coppice.tasks({ status: 'active' }).length
  if (active !== live) throw new Error(`${active} tasks are active, not ${live}`)
  await coppice.close()
  return live
})
