import { measureIn } from '../../harness/child.mjs'
import { compare } from '../../harness/compare.mjs'
import { stopwatch } from '../../harness/stopwatch.mjs'
import { count, ratioCell } from '../../harness/table.mjs'
import { coppice } from '../command.mjs'
import { namesFor } from '../plain.mjs'
import { grown } from '../repository/grown.mjs'
import { timeRow, times } from '../rows.mjs'

const remember = new URL('../programs/remember.mjs', import.meta.url)

const WARM_UP = 1
const BYTES_PER_MEGABYTE = 1_000_000

/** What is asked of a repository; each knows how to leave it as it was. */
const nameOf = namesFor('asked-for')
const COMMANDS = {
  list: (repository) => stopwatch(() => coppice(repository, 'list')),
  status: (repository) => stopwatch(() => coppice(repository, 'status', 'live-1')),
  new: async (repository) => {
    const name = nameOf()
    const measured = await stopwatch(() => coppice(repository, 'new', name))
    await coppice(repository, 'abandon', name)
    return measured
  },
}

/** Commands where there are many tasks, and the memory of an open engine, beside the same where there are few. */
export async function rowsOf({ entry, repositories, rounds }) {
  const { files, few, many, bars } = entry
  const small = await grown(repositories, { files, ...few })
  const large = []
  for (const tasks of many) {
    large.push({ name: named(tasks), repository: await grown(repositories, { files, ...tasks }) })
  }
  const rows = []
  for (const [command, measure] of Object.entries(COMMANDS)) {
    const contenders = large.map(({ name, repository }) => ({
      name: `coppice ${command}, ${name}`,
      measure: () => measure(repository),
    }))
    const comparisons = await compare({ rounds, warmUp: WARM_UP, against: () => measure(small), contenders })
    const names = { against: named(few), most: bars.scale }
    for (const [index, comparison] of comparisons.entries()) {
      rows.push(timeRow(comparison, { measure: `\`coppice ${command}\`, ${large[index].name}`, ...names }))
    }
  }
  return [...rows, ...(await memoryRows(small, large, rounds, few))]
}

async function memoryRows(small, large, rounds, few) {
  const memoryOf = (repository) => measureIn(remember, { repository })
  const contenders = large.map(({ name, repository }) => ({ name, measure: () => memoryOf(repository) }))
  const comparisons = await compare({ rounds, against: () => memoryOf(small), contenders })
  return comparisons.map((comparison) => ({
    measure: `memory of an open engine, ${comparison.name}`,
    result: megabytes(comparison.value),
    against: `${named(few)}: ${megabytes(comparison.against)}`,
    ratio: ratioCell(comparison, times),
  }))
}

function named({ live, finished }) {
  return `${count(live)} live tasks${finished > 0 ? ` and ${count(finished)} finished` : ''}`
}

function megabytes(bytes) {
  return `${count(bytes / BYTES_PER_MEGABYTE)} MB`
}
