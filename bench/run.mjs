// Runs benchmarks by name: `pnpm bench log`.
import { setup } from '../scripts/setup.mjs'
import { parseArguments, USAGE, UsageError } from './harness/arguments.mjs'
import { SCENARIOS } from './tasks/plan.mjs'

/** Loaded only after the set-up, since the benchmarks import what it builds. */
const benches = {
  log: () => import('./log/main.mjs'),
  tasks: () => import('./tasks/main.mjs'),
}

try {
  const wanted = parseArguments(process.argv.slice(2), { log: [], tasks: SCENARIOS })
  setup()
  for (const { bench, options } of wanted) {
    const { run } = await benches[bench]()
    await run(options)
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n\n${USAGE}`)
  process.exitCode = 2
}
