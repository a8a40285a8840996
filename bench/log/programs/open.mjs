// Milliseconds from nothing to an engine that knows every task.
import { Engine } from '@coppice/core'
import { FileLocks, LowdbSnapshots, openFileLog } from '@coppice/store'
import { report } from '../../harness/report.mjs'

await report(async ({ directory, withSnapshot, events, live }) => {
  const started = performance.now()
  const engine = await Engine.open({
    log: await openFileLog(directory),
    snapshots: withSnapshot ? new LowdbSnapshots(directory, fail) : null,
    locks: new FileLocks(directory),
    // Opening does nothing to the world and asks it nothing.
    workspace: {},
    agents: {},
    clock: {},
  })
  const milliseconds = performance.now() - started
  const active = engine.tasks(['active']).length
  if (engine.position !== events || active !== live) {
    throw new Error(`opened at ${engine.position} with ${active} active, not at ${events} with ${live}`)
  }
  await engine.close()
  return milliseconds
})

function fail(error) {
  throw error
}
