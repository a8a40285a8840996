import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { play } from './play.mjs'
import { stories } from './story.mjs'
import { weaknesses } from './weaknesses.mjs'

export const usage =
  'disk [--runs 1000 | --minutes N] [--seed N] [--self-test]   stories of appends, faults and power cuts on a simulated disk'

export const options = {
  runs: { type: 'string', default: '1000' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
  /** Repeats one story of a seed. */
  path: { type: 'string' },
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

export async function run(values, tally) {
  const seed = Number(values.seed ?? randomInt(1_000_000_000))
  process.stdout.write(`seed ${seed}\n`)
  if (values['self-test']) return selfTest(seed, Number(values.runs), tally)
  if (values.path !== undefined) return playLot(seed, { numRuns: 1, path: values.path }, tally)
  const limit = limitOf(values)
  for (let done = 0; !limit.isReached(done) && tally.violations < ENOUGH; done += LOT) {
    await playLot(seed + done, { numRuns: Math.min(LOT, limit.runs - done) }, tally)
  }
}

function limitOf({ runs, minutes }) {
  if (minutes === undefined) return { runs: Number(runs), isReached: (done) => done >= Number(runs) }
  const end = Date.now() + Number(minutes) * 60_000
  return { runs: Number.POSITIVE_INFINITY, isReached: () => Date.now() >= end }
}

/** Plays stories until one breaks a promise, which is made as short as it can be, and told. */
async function playLot(seed, parameters, tally) {
  let isFound = false
  const check = async (story) => {
    const { broken, journal } = await play(story)
    // What is tried to make the story shorter does not count.
    if (!isFound) for (const [what, number] of journal.counts) tally.count(what, number)
    isFound ||= broken.length > 0
    return broken
  }
  const { failed, numRuns, counterexample, counterexamplePath } = await checkStories(check, {
    seed,
    ...parameters,
  })
  for (let story = failed ? 1 : 0; story < numRuns; story++) tally.add('stories', '', [])
  if (!failed) return
  const { broken, journal } = await play(counterexample[0], { isTold: true })
  tally.add('stories', `--seed ${seed} --path ${counterexamplePath}`, broken)
  process.stdout.write(
    `  ${JSON.stringify(counterexample[0])}\n${journal.lines.map((line) => `  ${line}\n`).join('')}`,
  )
}

/** A campaign that finds nothing on a disk that breaks its word would find nothing at all. */
async function selfTest(seed, runs, tally) {
  for (const [name, weaken] of Object.entries(weaknesses)) {
    const check = async (story) => {
      const { broken } = await play(story, { weaken })
      // What goes wrong on a good disk too says nothing.
      return broken.length === 0 || (await play(story)).broken.length > 0 ? [] : broken
    }
    const { failed, numRuns, counterexample } = await checkStories(check, { seed, numRuns: runs })
    tally.add(
      'disks that break their word',
      `--self-test --seed ${seed}`,
      failed ? [] : [`nothing was found: ${name}`],
    )
    if (failed) process.stdout.write(await telling(name, weaken, numRuns, counterexample[0]))
  }
}

async function telling(name, weaken, numRuns, story) {
  const { broken } = await play(story, { weaken })
  const actions = story.actions.map(({ verb }) => verb)
  return `${name}: found in story ${numRuns}, such as ${actions.join(', ')}: ${broken[0].split('\n')[0]}\n`
}

function checkStories(check, parameters) {
  const property = fc.asyncProperty(stories, async (story) => {
    const broken = await check(story)
    if (broken.length > 0) throw new Error(broken.join('\n'))
  })
  return fc.check(property, parameters)
}
