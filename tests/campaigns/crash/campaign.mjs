import { randomInt } from 'node:crypto'
import { draw } from '../draw.mjs'
import { caseOf, casesOf } from './cases.mjs'
import { runCase } from './run-case.mjs'
import { scenarios } from './scenarios.mjs'
import { Stage } from './stage.mjs'
import { survey } from './survey.mjs'

export { obstacle } from '../strace/obstacle.mjs'

export const usage =
  'crash [--long | --kills N [--after N]] [--again] [--seed N] [--scenario NAME …] [--case ID] [--install]   kills at every step of every effect'

export const options = {
  long: { type: 'boolean', default: false },
  kills: { type: 'string' },
  after: { type: 'string', default: '0' },
  seed: { type: 'string' },
  /** Only cases in which the recovery is killed, too, and the recovery from that. */
  again: { type: 'boolean', default: false },
  scenario: { type: 'string', multiple: true },
  case: { type: 'string' },
  install: { type: 'boolean', default: false },
}

/** What the short form runs: a task's way through its life, with so many kills. */
const SHORT = ['create', 'park', 'squash-dirty']
const SHORT_KILLS = '16'

/** Cases that run at the same time, each at a place of its own. */
const STAGES = 2

/** Cases from one line that tells how far it is to the next. */
const PROGRESS_EVERY = 250

/** The part of the cases that may miss their place: a few git processes run side by side, in no fixed order. */
const MOST_MISSED = 0.1

const NOT_REACHED = 'never came to the place'

function missedIn(name) {
  return scenarios[name].isUnordered === true ? `${NOT_REACHED}, which is not always the same` : NOT_REACHED
}

export async function run(values, tally) {
  const seed = values.seed ?? String(randomInt(1_000_000_000))
  process.stdout.write(`seed ${seed}\n`)
  const stages = Array.from({ length: STAGES }, () => new Stage())
  const surveys = await surveyed(namesOf(values), stages)
  const cases = chosen(values, surveys, seed)
  process.stdout.write(`${cases.length} cases\n`)
  let done = 0
  await sharedOut(cases, stages, async (one, stage) => {
    const { id, group, scenario: name } = one
    const { kills, broken, mended } = await outcomeOf(stage, one, surveys.get(name))
    tally.count('kills', kills)
    for (const code of mended) tally.count(`mended by a repair after opening: ${String(code)}`)
    tally.add(kills > 0 ? group : missedIn(name), `--case ${id}`, broken)
    done += 1
    if (done % PROGRESS_EVERY === 0) process.stdout.write(`${done} done, now ${id}\n`)
  })
  const missed = tally.counted(NOT_REACHED)
  if (missed > tally.cases * MOST_MISSED && values.case === undefined)
    tally.add(NOT_REACHED, `--seed ${seed}`, [`${missed} cases, so that little is shown`])
  for (const stage of stages) stage.remove()
}

async function outcomeOf(stage, one, { expected }) {
  try {
    return await runCase(stage, scenarios[one.scenario], one, expected)
  } catch (error) {
    await stage.abandon()
    return { kills: 1, broken: [error.stack], mended: [] }
  }
}

function namesOf({ case: only, scenario, long, kills }) {
  const names = only === undefined ? scenario : [only.split('/')[0]]
  if (names === undefined) return long || kills !== undefined ? Object.keys(scenarios) : SHORT
  const unknown = names.find((name) => !Object.hasOwn(scenarios, name))
  if (unknown === undefined) return names
  throw new Error(`there is no scenario ${unknown}; there are ${Object.keys(scenarios).join(', ')}`)
}

async function surveyed(names, stages) {
  const surveys = new Map()
  await sharedOut(names, stages, async (name, stage) => {
    surveys.set(name, await survey(stage, name, scenarios[name]))
  })
  return surveys
}

/**
 * One case or all whose id begins so, all there are, or so many of them as the seed draws, after the first so many: a
 * long run can be done in parts.
 */
function chosen({ case: only, long, kills = SHORT_KILLS, after, again }, surveys, seed) {
  const found = [...surveys].flatMap(([name, at]) => casesOf(name, at, seed))
  const all = again ? found.filter((one) => one.kills.length > 1) : found
  if (only !== undefined) {
    const isOne = all.every(({ id }) => !id.startsWith(`${only}/`)) || all.some(({ id }) => id === only)
    return isOne ? [caseOf(only)] : all.filter(({ id }) => id.startsWith(`${only}/`))
  }
  const shuffled = all
    .map((one) => ({ one, rank: draw(seed, one.id, 2 ** 48) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
  return long ? shuffled : shuffled.slice(Number(after), Number(after) + Number(kills))
}

/** Works on every item, as many at a time as there are stages. */
async function sharedOut(items, stages, work) {
  const waiting = items.values()
  await Promise.all(
    stages.map(async (stage) => {
      for (const item of waiting) await work(item, stage)
    }),
  )
}
