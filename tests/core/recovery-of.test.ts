import {
  decide,
  nextEffect,
  recoveredState,
  recoveryOf,
  type Checkpoint,
  type Remnant,
  type TaskState,
} from '@coppice/core'
import { SAMPLE_TIME, objectId, recoveredAs, sampleCheckpoint as checkpoint } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stateAfter } from './helpers/given.js'
import { SITUATION_NAMES, SITUATIONS } from './helpers/situations.js'

/** What is left of a task that was parked. */
const PARKED: Remnant = {
  id: 'fix-login',
  branch: 'coppice/fix-login',
  tip: { commit: checkpoint.tip!, tree: objectId('a') },
  path: '/srv/repo.worktrees/fix-login',
  worktree: null,
  isBegun: false,
  pins: { [checkpoint.ref]: checkpoint.commit },
  checkpoint,
  spare: null,
  nextNumber: 2,
  base: objectId('0'),
  landing: null,
}
const WHOLE = { gitDir: '/srv/repo/.git/worktrees/fix-login', standing: 'whole' } as const
const LANDED = { commit: objectId('9'), into: 'main', strategy: null }
const memories = [null, ...SITUATION_NAMES.map((name) => stateAfter(...SITUATIONS[name]))]

const held = fc.record({
  commit: fc.constantFrom(objectId('d'), objectId('7')),
  tree: fc.constant(objectId('a')),
})
const remnants: fc.Arbitrary<Remnant> = fc
  .record({
    tip: fc.option(held, { nil: null }),
    worktree: fc.constantFrom(null, WHOLE, { ...WHOLE, standing: 'lost' as const }),
    isBegun: fc.boolean(),
    checkpoint: fc.constantFrom<(Checkpoint | null)[]>(null, checkpoint, { ...checkpoint, tip: null }),
    spare: fc.option(held, { nil: null }),
    base: fc.constantFrom(null, objectId('0'), objectId('d')),
    landing: fc.constantFrom(null, LANDED),
  })
  .map((change) => Object.assign({}, PARKED, change))

function statusOf(change: Partial<Remnant>, memory: TaskState | null = null): string | undefined {
  return recoveryOf({ ...PARKED, ...change }, memory)?.task.status
}

test.each<[string, Partial<Remnant>, string | undefined]>([
  ['a worktree that stands', { worktree: WHOLE }, 'active'],
  ['a worktree that is gone, and was not taken away', { worktree: { ...WHOLE, standing: 'lost' } }, 'active'],
  ['a branch where its newest checkpoint left it', {}, 'parked'],
  [
    'a branch of that name that is elsewhere',
    { tip: { commit: objectId('7'), tree: objectId('a') } },
    'abandoned',
  ],
  ['pins alone', { tip: null }, 'abandoned'],
  ['pins, and a merge that has landed', { tip: null, landing: LANDED }, 'merged'],
  ['a pin that is no checkpoint', { tip: null, checkpoint: null, spare: PARKED.tip }, 'abandoned'],
  ['a worktree that was begun', { isBegun: true }, 'creating'],
  ['a branch alone, of which nothing is known', { checkpoint: null }, undefined],
  ['nothing', { tip: null, checkpoint: null }, undefined],
])('what is left tells the status: %s', (_, change, status) => {
  expect(statusOf(change)).toBe(status)
})

test('what is remembered names the task, and does not say what it is now', () => {
  const memory = stateAfter('task.requested', 'worktree.created', 'task.abandoned', 'worktree.removed')
  const { title, into } = memory!
  expect(recoveryOf({ ...PARKED, worktree: WHOLE }, memory)?.task).toMatchObject({
    status: 'active',
    title,
    into,
    base: memory!.base,
    unknown: ['agent'],
  })
})

test('a base that git has no more is not remembered', () => {
  const { base, unknown } = recoveryOf({ ...PARKED, base: objectId('8') }, stateAfter('task.requested'))!.task
  expect(base).toEqual({ ref: objectId('8'), commit: objectId('8') })
  expect(unknown).toContain('base')
})

test('a branch that is remembered as a live task’s is pinned, and a done one’s is nobody’s', () => {
  const left = { checkpoint: null, pins: {} }
  const live = recoveryOf({ ...PARKED, ...left }, stateAfter('task.requested'))
  expect(live?.toPin).toMatchObject({
    number: 2,
    commit: checkpoint.tip,
    tip: checkpoint.tip,
    tree: objectId('a'),
  })
  expect(live?.task).toMatchObject({ status: 'parked', checkpoint: live?.toPin })
  expect(statusOf(left, stateAfter('task.requested', 'task.abandoned'))).toBeUndefined()
})

test('whatever is left, the lifecycle takes it, nothing is torn down, and content that was pinned is not forgotten', () => {
  fc.assert(
    fc.property(remnants, fc.constantFrom(...memories), (remnant, memory) => {
      const recovery = recoveryOf(remnant, memory)
      if (recovery === null) return
      const { task, toPin } = recovery
      const decision = decide(null, { type: 'task.recover', at: SAMPLE_TIME, data: task })
      expect(decision).toMatchObject({ accepted: true, status: task.status })
      const state = recoveredState(remnant.id, task, SAMPLE_TIME)
      expect(state.status).toBe(task.status)
      expect([null, 'create']).toContain(nextEffect(state))
      expect(state.worktree === 'present').toBe(remnant.worktree !== null)
      expect(task.checkpoint).toEqual(remnant.checkpoint ?? toPin)
      const isGivenBack = task.status === 'parked' || task.status === 'abandoned'
      expect(isGivenBack && task.checkpoint === null).toBe(false)
      expect(toPin === null || toPin === task.checkpoint).toBe(true)
    }),
  )
})

test('the state of a recovered task is what its fact says', () => {
  const { unknown: _, ...data } = recoveredAs('parked')
  expect(stateAfter('task.recovered')).toMatchObject({ worktree: 'present', status: 'active' })
  expect(recoveredState('fix-login', recoveredAs('parked'), SAMPLE_TIME)).toMatchObject({
    ...data,
    worktree: 'absent',
    version: 1,
  })
})
