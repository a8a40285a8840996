// Events that a contender makes durable in a second, after it has warmed up.
import { streamOf } from '@coppice/core'
import { report } from '../../harness/report.mjs'
import { appendAll } from '../contenders/append-all.mjs'
import * as sqlite from '../contenders/better-sqlite3.mjs'
import * as coppice from '../contenders/coppice.mjs'
import * as emmett from '../contenders/emmett.mjs'
import * as floor from '../contenders/floor.mjs'
import { histories } from '../history.mjs'

const contenders = { floor, coppice, sqlite, emmett }

/** Tasks whose facts are appended before the clock starts, for one whose facts are measured. */
const WARM_UP = 0.25

await report(async ({ contender, directory, home, tasks, facts, concurrency }) => {
  const store = await contenders[contender].open(directory, home)
  const unmeasured = Math.ceil(tasks * WARM_UP)
  const all = sharing(unmeasured + tasks, facts)
  await appendAll(store, all.slice(0, unmeasured), concurrency)
  const started = performance.now()
  await appendAll(store, all.slice(unmeasured), concurrency)
  const seconds = (performance.now() - started) / 1000
  await store.close()
  return (tasks * facts) / seconds
})

/**
 * Tasks with the same first facts, made before the clock starts. A history of its own for each would fill the memory, and
 * what is measured then is how the garbage collector goes through it.
 */
function sharing(count, facts) {
  const [history] = histories(1)
  const shared = history.facts.slice(0, facts)
  return Array.from({ length: count }, (_, index) => ({
    stream: streamOf(`fix-${index + 1}`),
    facts: shared,
  }))
}
