import fc from 'fast-check'
import { arbitraryStory } from './arbitrary-story.js'
import { play, type StoryChecks } from './play.js'
import { Simulation } from './simulation.js'
import { requireCount, type StoryOptions } from './story-options.js'

export interface CheckOptions extends StoryOptions {
  /** Stories that are played; 100 by default. */
  readonly numRuns?: number
  /** Where a failure is found again, as it was told; a random one by default. */
  readonly seed?: number
  readonly path?: string
}

/** The steps that were taken in all stories together. */
export interface Checked {
  readonly stories: number
  readonly steps: number
  readonly seed: number
}

/**
 * Plays stories at random, and asserts of each that nothing is lost, that tasks come back with what they had last, that no
 * base ever has half of a change, that nothing lands twice, and that at rest nothing is left over and engines know what the log
 * says; and whatever else is asked for. A failure is shrunk to the shortest story that shows it.
 *
 * @throws {Error} with that story, move by move, with the facts that each recorded, and the line that plays it again; or when
 * no story took a step, which shows nothing
 * @throws {RangeError} for options with which nothing could happen, such as a task id that an engine refuses
 */
export async function checkStories(options: CheckOptions = {}, checks: StoryChecks = {}): Promise<Checked> {
  const { numRuns = 100, seed, path, ...story } = options
  requireCount('numRuns', numRuns, 1)
  let steps = 0
  const property = fc.asyncProperty(arbitraryStory(story), fc.scheduler(), async (moves, scheduler) => {
    const simulation = new Simulation(scheduler)
    try {
      await play(simulation, moves, checks)
    } finally {
      steps += simulation.steps
    }
  })
  const found = await fc.check(property, {
    numRuns,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
  })
  if (found.failed) throw failureOf(found, story, checks)
  if (steps === 0)
    throw new Error(
      `no step was taken in ${found.numRuns} stories: they show nothing; is the path of this seed?`,
    )
  return { stories: found.numRuns, steps, seed: found.seed }
}

function failureOf<T>(found: fc.RunDetails<T>, story: StoryOptions, checks: StoryChecks): Error {
  const cause = found.errorInstance
  const message = cause instanceof Error ? cause.message : 'a story failed'
  const options = JSON.stringify({ ...story, seed: found.seed, path: found.counterexamplePath })
  return new Error(`${message}\n\n${againLine(options, checks)}`, { cause })
}

/** Functions cannot be printed, so what was checked besides has to be given again. */
function againLine(options: string, { always, atRest }: StoryChecks): string {
  const given = [always && 'always', atRest && 'atRest'].filter((name) => name !== undefined)
  if (given.length === 0) return `again: await checkStories(${options})`
  const same = `checks: { ${given.join(', ')} }, the same as in the call that failed`
  return `again: await checkStories(${options}, checks)\n       ${same}`
}
