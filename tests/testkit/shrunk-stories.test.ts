import { arbitraryStory, play, Simulation, type Move } from '@coppice/testkit'
import fc, { type Scheduler } from 'fast-check'
import { expect, test } from 'vitest'

type Always = (simulation: Simulation) => void

/** Is broken by every story in which some task comes to a fact of this type. */
const never =
  (type: string): Always =>
  ({ chronicle }) => {
    if (chronicle.facts.some((fact) => fact.type === type)) throw new Error(type)
  }

const neverBoth: Always = ({ chronicle }) => {
  const merged = [...chronicle.states.values()].filter(({ status }) => status === 'merged')
  if (merged.length > 1) throw new Error('both are merged')
}

async function isBroken(moves: readonly Move[], always: Always, scheduler?: Scheduler): Promise<boolean> {
  return play(new Simulation(scheduler), moves, { always }).then(
    () => false,
    () => true,
  )
}

test.each<[string, Always, number]>([
  ['parks', never('task.parked'), 2],
  ['rebuilds a lost worktree', never('worktree.rebuilt'), 2],
  ['rejects a merge', never('merge.rejected'), 2],
  ['restores an abandoned task', never('task.restored'), 3],
  ['lands two tasks', neverBoth, 4],
])('a story that %s is shrunk to the moves without which it does not', async (_, always, length) => {
  const property = fc.asyncProperty(arbitraryStory(), fc.scheduler(), async (moves, scheduler) => {
    expect(await isBroken(moves, always, scheduler)).toBe(false)
  })
  const { counterexample } = await fc.check(property, { seed: 1, numRuns: 200 })
  const moves = counterexample?.[0] ?? []
  expect(moves).toHaveLength(length)
  for (const index of moves.keys())
    expect(await isBroken(moves.toSpliced(index, 1), always), `without move ${index + 1}`).toBe(false)
})

test('as a rule every task of a story is there from its beginning', () => {
  const stories = fc.sample(arbitraryStory({ tasks: ['a', 'b', 'c'] }), { numRuns: 200, seed: 1 })
  const begun = stories.filter((moves) => moves.slice(0, 3).every((move) => move.do === 'create'))
  expect(begun.length).toBeGreaterThan(150)
})
