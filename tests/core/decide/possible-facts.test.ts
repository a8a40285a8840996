import { FACT_TYPES, isPossible, TASK_STATUSES } from '@coppice/core'
import { arbitraryLife } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('every fact that the lifecycle records is possible where it records it', () => {
  fc.assert(
    fc.property(arbitraryLife(), (life) => {
      for (const { before, facts } of life) {
        for (const { type } of facts)
          expect([type, isPossible(before?.status ?? null, type)]).toEqual([type, true])
      }
    }),
    { numRuns: 300 },
  )
})

test('a task begins with its request or its recovery, and neither comes to it again', () => {
  const first = ['task.requested', 'task.recovered'] as const
  expect(FACT_TYPES.filter((type) => isPossible(null, type))).toEqual(first)
  for (const type of first) for (const status of TASK_STATUSES) expect(isPossible(status, type)).toBe(false)
})

test('nothing but its removal comes to a merged task', () => {
  expect(FACT_TYPES.filter((type) => isPossible('merged', type))).toEqual([
    'worktree.removed',
    'checkpoint.taken',
    'agent.exited',
  ])
})
