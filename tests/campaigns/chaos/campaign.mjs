import { randomInt } from 'node:crypto'
import { balance } from './balance.mjs'
import { Random } from './random.mjs'
import { Theater } from './theater.mjs'
import { Tormentor } from './tormentor.mjs'

export const usage =
  'chaos [--minutes 60] [--tasks 20] [--seed N] [--keep]   agents, kills, deletions and user commits, all at once'

// The seed draws what is done; when it happens is up to the machine, so that no two runs are quite the same.

export const options = {
  /** By default a short form, which leaves time for little. */
  minutes: { type: 'string', default: '0.35' },
  tasks: { type: 'string', default: '20' },
  seed: { type: 'string' },
  /** Leaves the repository and the ledger behind, also when nothing was wrong. */
  keep: { type: 'boolean', default: false },
}

export function obstacle() {
  return process.platform === 'linux' ? null : 'it finds the processes that it kills in /proc'
}

export async function run(values, tally) {
  const seed = Number(values.seed ?? randomInt(1_000_000))
  process.stdout.write(`seed ${seed}\n`)
  const theater = new Theater({ seed, tasks: Number(values.tasks) })
  const tormentor = new Tormentor(theater, new Random(seed))
  await theater.start()
  await tormentor.goOnUntil(performance.now() + Number(values.minutes) * 60_000)
  await theater.stop()
  for (const [what, times] of tormentor.counts) tally.count(`torment: ${what}`, times)
  tally.count('engines', theater.engines)
  const broken = [...new Set([...theater.broken, ...(await wrongAtTheEnd(theater, tally))])]
  tally.add('runs', `--seed ${seed} --minutes ${values.minutes} --tasks ${values.tasks}`, broken)
  if (broken.length > 0 || values.keep)
    process.stdout.write(`the repository and the ledger are in ${theater.base}\n`)
  else theater.remove()
}

async function wrongAtTheEnd(theater, tally) {
  let seen
  try {
    seen = await theater.lastLook()
  } catch (error) {
    return [error.message]
  }
  for (const { code } of seen.repaired) tally.count(`mended in the end: ${code}`)
  for (const { status } of seen.states) tally.count(`tasks ${status}`)
  return balance(theater, seen, tally)
}
