// Runs a benchmark by its name: `pnpm bench log`.
import { setup } from '../scripts/setup.mjs'
import { parseArguments, USAGE, UsageError } from './harness/arguments.mjs'

/** Loaded only after the set-up, since the benchmarks import what it builds. */
const benches = {
  log: () => import('./log/main.mjs'),
}

try {
  const { bench, options } = parseArguments(process.argv.slice(2), Object.keys(benches))
  setup()
  const { run } = await benches[bench]()
  await run(options)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n\n${USAGE}`)
  process.exitCode = 2
}
