import type { RecordedFact } from '@coppice/core'
import { assertLinearizable, BrokenPromise, register, type SimulatedWorld } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryRace, run, type Raced } from './helpers/merge-race.js'

/** The base went from commit to commit as if everybody had come one after the other, and to nothing that was to be verified and was not. */
function expectLinearizable({ world, operations, begin, verified }: Raced): void {
  assertLinearizable(operations, register(begin))
  const facts = world.disk.all()
  const unverified = facts.flatMap(({ type, stream, data }, index) => {
    if (type !== 'merge.landed') return []
    const before = facts.slice(0, index).filter((fact) => fact.stream === stream)
    const wish = before.findLast((fact) => fact.type === 'merge.requested')
    const isWanted = wish?.type === 'merge.requested' && wish.data.verify !== null
    return isWanted && !verified.has(data.commit) ? [data.commit] : []
  })
  expect(unverified).toEqual([])
}

test('merges side by side land one after the other, each on what it was computed on, whatever happens to whom', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRace, fc.scheduler(), async (race, scheduler) =>
      expectLinearizable(await run(race, scheduler)),
    ),
    { numRuns: 150 },
  )
})

test('these races have all that can go wrong: bases that move, deaths, and answers that never came', async () => {
  const types = new Map<RecordedFact['type'], number>()
  let unanswered = 0
  await fc.assert(
    fc.asyncProperty(arbitraryRace, fc.scheduler(), async (race, scheduler) => {
      const { world, operations } = await run(race, scheduler)
      for (const { type } of world.disk.all()) types.set(type, (types.get(type) ?? 0) + 1)
      unanswered += operations.filter(({ answered }) => answered === null).length
    }),
    { numRuns: 60, seed: 1 },
  )
  expect(unanswered).toBeGreaterThan(5)
  expect(types.get('merge.landed')).toBeGreaterThan(50)
  expect(types.get('merge.base-moved')).toBeGreaterThan(5)
})

/** Ways to move a base that lose what somebody else has put there. */
const WEAKNESSES: Readonly<Record<string, (world: SimulatedWorld) => void>> = {
  'moves it from whatever it is at': ({ repository: { refs } }) => {
    refs.move = (ref, from, to) => {
      if (!ref.startsWith('refs/heads/main') && refs.get(ref) !== from) return false
      refs.set(ref, to)
      return true
    }
  },
  'says that it has landed what it has not': (world) => {
    const start = world.start.bind(world)
    world.start = (steps) => {
      const process = start(steps)
      process.ports.workspace.land = async ({ merge }) => ({
        kind: 'landed',
        data: { commit: merge?.prepared?.commit ?? '' },
      })
      return process
    }
  },
}

test.each(Object.entries(WEAKNESSES))('an engine is found that %s', async (_, weaken) => {
  const found = await fc.check(
    fc.asyncProperty(arbitraryRace, fc.scheduler(), async (race, scheduler) =>
      expectLinearizable(await run(race, scheduler, weaken)),
    ),
    { numRuns: 1_000, seed: 2, endOnFailure: true },
  )
  expect(found.errorInstance).toBeInstanceOf(BrokenPromise)
})
