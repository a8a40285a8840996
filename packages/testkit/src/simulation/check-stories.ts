import fc from 'fast-check'
import { assertBaseNeverPartial } from '../invariants/base-never-partial.js'
import { assertMergedOnce } from '../invariants/merged-once.js'
import { assertNoOrphans } from '../invariants/no-orphans.js'
import { assertNewestComesBack } from '../invariants/newest-comes-back.js'
import { assertNothingLost } from '../invariants/nothing-lost.js'
import { arbitraryStory, type StoryOptions } from './arbitrary-story.js'
import { BrokenStory } from './broken-story.js'
import type { Move } from './move.js'
import { Simulation } from './simulation.js'

export interface CheckOptions extends StoryOptions {
  /** Stories that are played; 100 by default. */
  readonly numRuns?: number
  /** Where a failure is found again, as it was told; a random one by default. */
  readonly seed?: number
  readonly path?: string
}

/** What is asserted of a simulation, after every move and when all has come to rest. */
export interface StoryChecks {
  readonly always?: (simulation: Simulation) => void
  readonly atRest?: (simulation: Simulation) => void | Promise<void>
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
 * @throws {Error} with that story, move by move, with the facts that each recorded, and the line that plays it again
 */
export async function checkStories(options: CheckOptions = {}, checks: StoryChecks = {}): Promise<Checked> {
  const { numRuns = 100, seed, path, ...story } = options
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
  if (!found.failed) return { stories: found.numRuns, steps, seed: found.seed }
  const again = JSON.stringify({ ...story, seed: found.seed, path: found.counterexamplePath })
  const cause = found.errorInstance
  const message = cause instanceof Error ? cause.message : 'a story failed'
  throw new Error(`${message}\n\nagain: await checkStories(${again})`, { cause })
}

/**
 * Makes the moves of a story, and asserts what has to be true after each and at the end.
 *
 * @throws {BrokenStory}
 */
export async function play(
  simulation: Simulation,
  moves: readonly Move[],
  checks: StoryChecks = {},
): Promise<void> {
  try {
    for (const move of moves) {
      await simulation.make(move)
      assertAlways(simulation, checks)
    }
    await simulation.settle()
    assertAlways(simulation, checks)
    assertNoOrphans(simulation.world, simulation.chronicle.states.values())
    await checks.atRest?.(simulation)
  } catch (error) {
    throw new BrokenStory(simulation.told, error)
  }
}

function assertAlways(simulation: Simulation, { always }: StoryChecks): void {
  assertNothingLost(simulation.world)
  assertBaseNeverPartial(simulation.world)
  assertMergedOnce(simulation.world)
  assertNewestComesBack(simulation.world)
  always?.(simulation)
}
