import { replay, type TaskState } from '@coppice/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { liveThrough, type Wish } from '../helpers/world/crash.js'
import { HISTORIES } from '../helpers/world/histories.js'
import { World, type Session } from '../helpers/world/world.js'

/** A task as it is for whoever uses it: without the marks of how often something had to be tried. */
function essenceOf(task: TaskState): unknown {
  return { ...task, version: 0, requestedAt: '', updatedAt: '', checkpoint: task.checkpoint?.tree ?? null }
}

async function outcomeOf(world: World, { engine }: Session): Promise<unknown> {
  const { base, worktrees, branches } = world.repository
  const facts = await world.facts()
  // The log alone gives the state that the engine has come to, and nothing was requested or landed twice.
  expect(await replay(facts)).toEqual(new Map(engine.tasks().map((task) => [task.id, task])))
  const once = facts.filter(({ type }) => type === 'task.requested' || type === 'merge.landed')
  return {
    tasks: engine.tasks().map(essenceOf),
    repository: { base, worktrees, branches },
    lost: world.repository.lost(),
    once: once.map(({ type, stream }) => `${type} ${stream}`),
  }
}

async function end(wishes: readonly Wish[], deaths: readonly number[]): Promise<unknown> {
  const world = new World()
  const { session } = await liveThrough(world, wishes, deaths)
  return outcomeOf(world, session)
}

describe.each(Object.entries(HISTORIES))('%s', (_, wishes) => {
  test('ends the same, and nothing is lost, whatever step of it the engine was killed at', async () => {
    const { session, steps } = await liveThrough(new World(), wishes, [])
    expect(session.engine.tasks().length).toBeGreaterThan(0)
    const undisturbed = await end(wishes, [])
    expect(undisturbed).toMatchObject({ lost: [] })
    for (let step = 1; step <= steps; step++) {
      expect({ step, end: await end(wishes, [step]) }).toEqual({ step, end: undisturbed })
    }
  })
})

test('every history ends the same when the engine is killed again and again', async () => {
  const deaths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.values(HISTORIES)), deaths, async (wishes, steps) => {
      expect(await end(wishes, steps)).toEqual(await end(wishes, []))
    }),
    { numRuns: 300 },
  )
})
