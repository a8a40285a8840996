import fc from 'fast-check'
import { play } from './play.mjs'
import { storiesOf } from './story.mjs'

/**
 * Plays stories until one breaks a promise, which is then made as short as it can be, and told.
 *
 * @param parameters what fast-check takes: how many, and which
 * @param isHonest whether a sync tries again what an earlier one failed to write
 */
export async function playLot(parameters, isHonest, tally) {
  let isFound = false
  const look = async (story) => {
    const { broken, journal } = await play(story)
    // What is tried to make the story shorter does not count.
    if (!isFound) for (const [what, number] of journal.counts) tally.count(what, number)
    isFound ||= broken.length > 0
    return broken
  }
  const { numRuns, story, path } = await firstBroken(look, isHonest, parameters)
  for (let kept = story === null ? 0 : 1; kept < numRuns; kept++) tally.add('stories', '', [])
  if (story === null) return
  const { broken, journal } = await play(story, { isTold: true })
  tally.add('stories', `--seed ${parameters.seed} --path ${path}${isHonest ? ' --honest' : ''}`, broken)
  for (const line of [JSON.stringify(story), ...journal.lines]) process.stdout.write(`  ${line}\n`)
}

/**
 * The shortest story, and its path, in which a look finds broken promises; both are null if there was none. Answers also
 * with how many stories it took.
 *
 * @param look answers with a sentence for every promise that a story breaks
 */
export async function firstBroken(look, isHonest, parameters) {
  const property = fc.asyncProperty(storiesOf({ isHonest }), async (story) => {
    const broken = await look(story)
    if (broken.length > 0) throw new Error(broken.join('\n'))
  })
  const { numRuns, counterexample, counterexamplePath } = await fc.check(property, parameters)
  return { numRuns, story: counterexample?.[0] ?? null, path: counterexamplePath }
}
