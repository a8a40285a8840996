import { randomInt } from 'node:crypto'
import { checkStories } from '@coppice/testkit'

export const usage = 'stories [--steps 1000000] [--seed N]   engines, agents and faults in a simulated world'

export const options = {
  steps: { type: 'string', default: '20000' },
  seed: { type: 'string' },
}

/** The worlds that take turns. */
const WORLDS = [
  {},
  { tasks: ['a'], processes: 1 },
  { tasks: ['a', 'b', 'c'], processes: 3, maxMoves: 40 },
  { tasks: ['a'], processes: 2, maxMoves: 12 },
  { faults: false },
]

/** Stories of one check; a failure is shrunk within it. */
const LOT = 200

export function obstacle() {
  return null
}

export async function run({ steps, seed: given }, tally) {
  const seed = Number(given ?? randomInt(1_000_000_000))
  process.stdout.write(`seed ${seed}\n`)
  for (let lot = 0; tally.counted('steps') < Number(steps); lot++) {
    const story = { ...WORLDS[lot % WORLDS.length], numRuns: LOT, seed: seed + lot }
    const { done, broken } = await check(story)
    tally.count('stories', done.stories)
    tally.count('steps', done.steps)
    tally.add(JSON.stringify(WORLDS[lot % WORLDS.length]), `--seed ${seed}`, broken)
    if (broken.length > 0) return
  }
}

async function check(story) {
  try {
    return { done: await checkStories(story), broken: [] }
  } catch (error) {
    return { done: { stories: 0, steps: 0 }, broken: [error.message] }
  }
}
