import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cases } from './cases.mjs'
import { expectFinds } from './self-test.mjs'
import { WatchedWorker } from './watched-worker.mjs'

export const usage =
  'fuzz [--cases 20000] [--seed N] [--case N [--keep DIRECTORY]] [--self-test]   logs that were changed by chance are read'

export const options = {
  cases: { type: 'string', default: '20000' },
  seed: { type: 'string' },
  /** Repeats one case of a seed. */
  case: { type: 'string' },
  /** Where the log of that case is written to. */
  keep: { type: 'string' },
  /** Looks whether the campaign finds what is wrong with a log that is read from disks that hide something. */
  'self-test': { type: 'boolean', default: false },
}

/** Broken promises after which there is no use in going on. */
const ENOUGH = 50

export function obstacle() {
  return null
}

export async function run(values, tally) {
  const seed = Number(values.seed ?? randomInt(1_000_000_000))
  process.stdout.write(`seed ${seed}\n`)
  if (values['self-test']) return expectFinds(seed, tally)
  if (values.case !== undefined) return runOne(seed, Number(values.case), values.keep, tally)
  const cases = Number(values.cases)
  const begin = performance.now()
  for (let next = 0; next < cases && tally.violations < ENOUGH;) {
    const worker = new WatchedWorker(seed, next, cases)
    for await (const batch of worker.batches()) {
      tellOf(batch, seed, tally)
      if (tally.violations >= ENOUGH) break
    }
    await worker.terminate()
    next = worker.next
    if (worker.problem !== null) tally.add('cases', `--seed ${seed} --case ${next++}`, [worker.problem])
  }
  const rate = Math.round(tally.cases / ((performance.now() - begin) / 1_000))
  process.stdout.write(`${rate} cases a second\n`)
}

function tellOf({ outcomes, violations }, seed, tally) {
  for (const [outcome, count] of outcomes) for (let one = 0; one < count; one++) tally.add(outcome, '', [])
  for (const { number, outcome, name, done, broken } of violations) {
    tally.add(outcome, `--seed ${seed} --case ${number}`, broken)
    process.stdout.write(`  ${name}: ${done.join('; ')}\n`)
  }
}

async function runOne(seed, number, directory, tally) {
  const cases = await Cases.of(seed)
  const { log, files, done, outcome, broken } = await cases.run(number)
  process.stdout.write(`${log.name}\n${done.map((what) => `  ${what}\n`).join('')}`)
  if (directory !== undefined) {
    mkdirSync(join(directory, 'log'), { recursive: true })
    for (const [name, bytes] of files) writeFileSync(join(directory, 'log', name), bytes)
  }
  tally.add(outcome, `--seed ${seed} --case ${number}`, broken)
}
