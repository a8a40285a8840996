import { firstBroken } from './lot.mjs'
import { play } from './play.mjs'
import { weaknesses } from './weaknesses.mjs'

/** A campaign that finds nothing on a disk that breaks its word would find nothing at all. */
export async function expectFinds(seed, numRuns, tally) {
  for (const [name, weaken] of Object.entries(weaknesses)) {
    const look = async (story) => {
      const { broken } = await play(story, { weaken })
      // What goes wrong on a good disk too says nothing.
      return broken.length === 0 || (await play(story)).broken.length > 0 ? [] : broken
    }
    const { numRuns: taken, story } = await firstBroken(look, false, { seed, numRuns })
    const broken = story === null ? [`nothing was found: ${name}`] : []
    tally.add('disks that break their word', `--self-test --seed ${seed}`, broken)
    if (story !== null) tell(name, taken, story, (await look(story))[0])
  }
}

function tell(name, taken, { actions }, sentence) {
  const verbs = actions.map(({ verb }) => verb).join(', ')
  process.stdout.write(`${name}: found in story ${taken}, such as ${verbs}: ${sentence.split('\n')[0]}\n`)
}
