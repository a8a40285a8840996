// Bytes of memory that a process with an open repository holds.
import { report } from '../../harness/report.mjs'
import { openWithPool } from '../pool.mjs'

await report(async ({ repository }) => {
  const coppice = await openWithPool(repository, 0)
  const held = process.memoryUsage().rss
  await coppice.close()
  return held
})
