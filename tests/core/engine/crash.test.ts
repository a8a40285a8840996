import { replay, type TaskState } from '@coppice/core'
import { assertMergedOnce, assertNewestComesBack, assertNothingLost } from '@coppice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { liveThrough, type Wish } from '../helpers/world/crash.js'
import { HISTORIES } from '../helpers/world/histories.js'
import { World, type Session } from '../helpers/world/world.js'

/** A task as it is for whoever uses it: without the marks of how often something had to be tried. */
function essenceOf(task: TaskState): unknown {
  return { ...task, version: 0, requestedAt: '', updatedAt: '', checkpoint: task.checkpoint?.tree ?? null }
}

async function outcomeOf(world: World, { engine }: Session): Promise<object> {
  const facts = await world.facts()
  // The log alone gives the state that the engine has come to, and nothing was requested or landed twice.
  expect(await replay(facts)).toEqual(new Map(engine.tasks().map((task) => [task.id, task])))
  const once = facts.filter(({ type }) => type === 'task.requested' || type === 'merge.landed')
  assertNothingLost(world)
  assertNewestComesBack(world)
  assertMergedOnce(world)
  return {
    tasks: engine.tasks().map(essenceOf),
    brought: world.broughtToBase(),
    standing: world.standing(),
    contents: engine.tasks().map(({ id }) => world.contentOf(id)),
    once: once.map(({ type, stream }) => `${type} ${stream}`),
  }
}

/** What a life comes to, and whether all the deaths came that it was to die. */
async function end(
  wishes: readonly Wish[],
  deaths: readonly number[],
): Promise<{ readonly outcome: object; readonly died: boolean }> {
  const world = new World()
  const { value, troubles } = await liveThrough(world, wishes, deaths)
  return { outcome: await outcomeOf(world, value), died: troubles.length === deaths.length }
}

describe.each(Object.entries(HISTORIES))('%s', (_, wishes) => {
  test('ends the same, and nothing is lost, whatever step of it the engine was killed at', async () => {
    const undisturbed = await end(wishes, [])
    let killed = await end(wishes, [1])
    for (let step = 2; killed.died; step++) {
      expect({ step, end: killed.outcome }).toEqual({ step, end: undisturbed.outcome })
      killed = await end(wishes, [step])
    }
  })
})

test('every history ends the same when the engine is killed again and again', async () => {
  const deaths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.values(HISTORIES)), deaths, async (wishes, steps) => {
      expect((await end(wishes, steps)).outcome).toEqual((await end(wishes, [])).outcome)
    }),
    { numRuns: 300 },
  )
})
