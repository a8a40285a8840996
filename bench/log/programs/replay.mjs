// Events that the log verifies and reads in a second.
import { openFileLog } from '@coppice/store'
import { report } from '../../harness/report.mjs'

await report(async ({ directory, events }) => {
  const started = performance.now()
  const log = await openFileLog(directory)
  let last = null
  for await (const fact of log.read()) last = fact
  const seconds = (performance.now() - started) / 1000
  await log.close()
  if (last?.sequence !== events) throw new Error(`the log ended at ${last?.sequence}, not at ${events}`)
  return events / seconds
})
