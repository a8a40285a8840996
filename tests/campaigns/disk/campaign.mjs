import { randomInt } from 'node:crypto'
import { playLot } from './lot.mjs'
import { expectFinds } from './self-test.mjs'

export const usage =
  'disk [--runs 1000 | --minutes N] [--seed N] [--honest] [--self-test]   stories with power cuts on a simulated disk'

export const options = {
  runs: { type: 'string', default: '1000' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
  /** Repeats one story of a seed. */
  path: { type: 'string' },
  /** Has every sync try again what an earlier one failed to write, which Linux does not do. */
  honest: { type: 'boolean', default: false },
  /** Looks whether the campaign finds what is wrong on disks that break their word. */
  'self-test': { type: 'boolean', default: false },
}

/** Stories from one look at the clock to the next; each lot has a seed of its own. */
const LOT = 500

/** Broken promises after which there is no use in going on. */
const ENOUGH = 20

export function obstacle() {
  return null
}

export async function run({ runs, minutes, seed: given, path, honest: isHonest, ...values }, tally) {
  const seed = Number(given ?? randomInt(1_000_000_000))
  process.stdout.write(`seed ${seed}\n`)
  if (values['self-test']) return expectFinds(seed, Number(runs), tally)
  if (path !== undefined) return playLot({ seed, numRuns: 1, path }, isHonest, tally)
  const limit = minutes === undefined ? Number(runs) : Number.POSITIVE_INFINITY
  const end = minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(minutes) * 60_000
  for (let done = 0; done < limit && Date.now() < end && tally.violations < ENOUGH; done += LOT) {
    await playLot({ seed: seed + done, numRuns: Math.min(LOT, limit - done) }, isHonest, tally)
  }
}
