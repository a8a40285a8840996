import { evolve, isPossible, parseTaskId, TASK_STATUSES, type TaskState } from '@coppice/core'
import {
  arbitraryFact,
  arbitraryHistory,
  arbitraryLife,
  arbitraryTask,
  arbitraryTaskId,
  replayHistory,
} from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('lives come to every status', () => {
  const seen = new Set<string>()
  const look = fc.property(arbitraryLife(), (life) => {
    for (const { after } of life) if (after !== null) seen.add(after.status)
  })
  fc.assert(look, { numRuns: 300, seed: 1 })
  expect(seen).toEqual(new Set(TASK_STATUSES))
})

test('a history holds what a log would, and replays to the state that the life came to', () => {
  fc.assert(
    fc.property(arbitraryLife({ task: 'mine' }), (life) => {
      const facts = life.flatMap((step) => step.facts)
      const { tasks } = replayHistory(facts)
      expect(tasks.get('mine') ?? null).toEqual(life.at(-1)?.after ?? null)
    }),
  )
})

test('every fact of a history is possible where it is', () => {
  fc.assert(
    fc.property(arbitraryHistory(), (facts) => {
      facts.reduce<TaskState | null>((state, fact) => {
        expect(isPossible(state?.status ?? null, fact.type)).toBe(true)
        return evolve(state, fact)
      }, null)
    }),
  )
})

test('a failing property shrinks to the few commands that it takes', () => {
  const { counterexample } = fc.check(
    fc.property(arbitraryLife(), (life) => life.every(({ after }) => after?.status !== 'merged')),
    { numRuns: 2_000, seed: 2 },
  )
  const commands = counterexample?.[0].map(({ command }) => command.type)
  expect(commands?.length).toBeLessThanOrEqual(5)
  expect(commands?.[0]).toMatch(/^task\.(request|recover)$/)
})

test('a task is what some life has left, and a fact is any fact', () => {
  fc.assert(
    fc.property(arbitraryTask(), arbitraryFact(['task.parked']), arbitraryTaskId, (task, fact, id) => {
      expect(TASK_STATUSES).toContain(task.status)
      expect(fact.type).toBe('task.parked')
      expect(parseTaskId(id)).toBe(id)
    }),
    { numRuns: 50 },
  )
})
