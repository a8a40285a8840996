import { assertBaseNeverPartial } from '../invariants/base-never-partial.js'
import { assertMergedOnce } from '../invariants/merged-once.js'
import { assertNewestComesBack } from '../invariants/newest-comes-back.js'
import { assertNoOrphans } from '../invariants/no-orphans.js'
import { assertNothingLost } from '../invariants/nothing-lost.js'
import { BrokenStory } from './broken-story.js'
import type { Move } from './move.js'
import type { Simulation } from './simulation.js'

/** What is asserted of a simulation, after every move and when all has come to rest; a promise is waited for. */
export interface StoryChecks {
  readonly always?: (simulation: Simulation) => void | Promise<void>
  readonly atRest?: (simulation: Simulation) => void | Promise<void>
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
      await assertAlways(simulation, checks)
    }
    await simulation.settle()
    await assertAlways(simulation, checks)
    assertNoOrphans(simulation.world, simulation.chronicle.states.values())
    await checks.atRest?.(simulation)
  } catch (error) {
    throw new BrokenStory(simulation.told, error)
  }
}

async function assertAlways(simulation: Simulation, { always }: StoryChecks): Promise<void> {
  assertNothingLost(simulation.world)
  assertBaseNeverPartial(simulation.world)
  assertMergedOnce(simulation.world)
  assertNewestComesBack(simulation.world)
  await always?.(simulation)
}
