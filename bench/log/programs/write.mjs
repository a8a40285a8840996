// Writes a log with the histories of so many tasks, and answers with the number of its facts.
import { report } from '../../harness/report.mjs'
import { appendAll } from '../contenders/append-all.mjs'
import { open } from '../contenders/coppice.mjs'
import { FACTS_PER_TASK, histories } from '../history.mjs'

const CONCURRENCY = 4096

await report(async ({ directory, tasks, live }) => {
  const store = await open(directory)
  await appendAll(store, histories(tasks, live), CONCURRENCY)
  await store.close()
  return tasks * FACTS_PER_TASK
})
