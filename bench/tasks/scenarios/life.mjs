import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { measureIn } from '../../harness/child.mjs'
import { compare, summary } from '../../harness/compare.mjs'
import { count, failedRow } from '../../harness/table.mjs'
import { installSandcastle } from '../peers.mjs'
import { rateRow, timeRow } from '../rows.mjs'

const program = new URL('../programs/live.mjs', import.meta.url)

const TIME_LIMIT_MS = 3_600_000

const PEERS = [
  { name: 'sandcastle', says: 'sandcastle' },
  { name: 'sandcastle-in-turn', says: 'sandcastle, merged in turn' },
]

/** Whole lives, from nothing to the work on `main` and the worktree gone: ours, a script's, and another tool's. */
export async function rowsOf({ entry, repositories, rounds, peers }) {
  const { files, tasks, concurrency, bars } = entry
  const live = (contender, home) =>
    inOwnRepository(repositories, files, (repository) => {
      const options = { contender, repository, tasks, concurrency, home }
      return measureIn(program, options, { timeLimitMs: TIME_LIMIT_MS })
    })

  const { part, ours, theirs } = await beside({ live, rounds }, { name: 'script' })
  const retries = theirs.reduce((total, result) => total + result.retries, 0)
  const measure = `whole life of ${tasks} tasks, ${concurrency} at a time, ${count(files)} files`
  const notes = [failures(ours, tasks), `${failures(theirs, tasks)}, ${retries} retries`]
  const row = { measure, against: 'a script', unit: 'a minute', notes, least: bars.script }
  const rows = [rateRow(part('rate'), row)]
  if (!peers) return rows
  const { home, problem } = installSandcastle()
  for (const peer of PEERS)
    rows.push(...(await peerRows({ live, rounds }, { ...peer, home, problem }, entry)))
  return rows
}

async function peerRows(how, { name, says, home, problem }, { tasks, bars: { peer } }) {
  const measure = `the same, beside ${says}`
  const compared = await beside(how, { name, home, problem, isPeer: true })
  if (compared.problem !== null) return [failedRow(measure, compared.problem)]
  const { part, ours, theirs } = compared
  const notes = [failures(ours, tasks), failures(theirs, tasks)]
  const against = 'sandcastle'
  return [
    rateRow(part('rate'), { measure, against, unit: 'a minute', notes, least: peer }),
    timeRow(part('ready'), { measure: `${measure}: until it is ready`, against, most: peer }),
    timeRow(part('rest'), { measure: `${measure}: from then to its end`, against, most: peer }),
  ]
}

/**
 * Measures another one's lives between two measurements of ours.
 *
 * @returns all results, and `part`, which compares one of their values: ours, as the mean of both, with the other one's
 */
async function beside({ live, rounds }, { name, home, problem = null, isPeer = false }) {
  const [ours, theirs] = [[], []]
  const measure = (contender, results) => async () => {
    const result = await live(contender, home)
    for (const each of result.value.problems) process.stderr.write(`${contender}: ${each}\n`)
    results.push(result.value)
    return { ...result, value: result.value.rate }
  }
  const contenders = [{ name, measure: measure(name, theirs), problem, isPeer }]
  const [comparison] = await compare({ rounds, against: measure('coppice', ours), contenders })
  const part = (key) => {
    const pairs = theirs.map((their, round) => ({
      own: { value: (ours[round][key] + ours[round + 1][key]) / 2 },
      base: their[key],
    }))
    return summary(key, pairs)
  }
  return { problem: comparison.problem, part, ours, theirs }
}

function failures(results, tasks) {
  const failed = results.reduce((total, result) => total + result.failed, 0)
  return `${failed} of ${results.length * tasks} failed`
}

async function inOwnRepository(repositories, files, work) {
  const repository = await repositories.copy(files)
  try {
    return await work(repository)
  } finally {
    rmSync(dirname(repository), { recursive: true, force: true, maxRetries: 10 })
  }
}
