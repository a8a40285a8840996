import { measureIn } from '../harness/child.mjs'
import { machine } from '../harness/machine.mjs'
import { publish } from '../harness/results.mjs'
import { scratchIn, withDirectory } from '../harness/scratch.mjs'
import { appends } from './appends.mjs'
import { FACTS_PER_TASK } from './history.mjs'
import { opening } from './opening.mjs'
import { peerVersions } from './peers.mjs'
import { replay } from './replay.mjs'

/**
 * What is appended: the first facts of so many tasks, of which `concurrency` are at work at a time. Each takes some
 * seconds, so that what a process does when it is new weighs little.
 */
const APPENDS = [
  { concurrency: 1, tasks: 200, facts: FACTS_PER_TASK },
  { concurrency: 64, tasks: 4096, facts: FACTS_PER_TASK },
  { concurrency: 1024, tasks: 12_288, facts: FACTS_PER_TASK },
]
const QUICK_APPENDS = [
  { concurrency: 1, tasks: 8, facts: 5 },
  { concurrency: 64, tasks: 128, facts: 5 },
  { concurrency: 1024, tasks: 1024, facts: 5 },
]

/** The tasks of the log that is replayed and opened. */
const LARGE_LOG = { tasks: 20_000, live: 50 }
const QUICK_LARGE_LOG = { tasks: 400, live: 50 }

/**
 * Measures the log: durable appends beside other stores, a verified replay, and opening with and without a snapshot.
 *
 * @param {import('../harness/arguments.mjs').Options} options
 */
export async function run(options) {
  const { rounds, directory, peers, quick } = options
  const scratch = scratchIn(directory)
  const rows = await appends({ scratch, rounds, peers, sizes: quick ? QUICK_APPENDS : APPENDS })
  await withDirectory(scratch, async (large) => {
    const { tasks, live } = quick ? QUICK_LARGE_LOG : LARGE_LOG
    const events = tasks * FACTS_PER_TASK
    process.stderr.write(`writing ${events} events\n`)
    await measureIn(new URL('programs/write.mjs', import.meta.url), { directory: large, tasks, live })
    rows.push(...(await replay({ rounds, directory: large, events })))
    rows.push(...(await opening({ rounds, directory: large, events, tasks, live })))
  })
  const results = {
    title: 'The log, side by side',
    explanation: `Written by \`pnpm bench log\`. Each ratio is the median of all rounds (${rounds}), and a round measures both sides one after the other; ../README.md says more.`,
    surroundings: [...machine(directory), ...(peers ? peerVersions() : [])],
    rows,
  }
  publish(results, options)
}
