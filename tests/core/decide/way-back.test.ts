import { nextEffect, type Fact, type FactType } from '@coppice/core'
import { command, fact, sampleCheckpoint as checkpoint } from '@coppice/testkit'
import { finalFailure } from '../helpers/final-failure.js'
import { describe, expect, test } from 'vitest'
import { accepted, given } from '../helpers/given.js'

const active = ['task.requested', 'worktree.created', 'checkpoint.taken'] as const

describe.each([
  { given: 'task.parked', command: 'task.resume', fact: 'task.resumed' },
  { given: 'task.abandoned', command: 'task.restore', fact: 'task.restored' },
] as const)('$command', ({ given: left, command: back, fact: returned }) => {
  test('goes on in the worktree where it was not yet taken away', () => {
    const before = given(...active, left)
    expect(before.when(command(back))).toEqual(accepted('active', fact(returned)))
    const { state } = given(...active, left, returned)
    expect(state).toMatchObject({ status: 'active', worktree: 'present' })
    expect(nextEffect(state!)).toBeNull()
  })

  test('has a worktree made from the newest checkpoint where it was taken away', () => {
    const before = given(...active, left, 'worktree.removed')
    expect(before.when(command(back))).toEqual(accepted('creating', fact(returned)))
    const { state } = given(...active, left, 'worktree.removed', returned)
    expect(state).toMatchObject({ status: 'creating', worktree: 'making', checkpoint })
    expect(nextEffect(state!)).toBe('create')
  })

  test('has a worktree made where it was lost', () => {
    const before = given(...active, 'worktree.lost', left)
    expect(before.when(command(back))).toEqual(accepted('creating', fact(returned)))
  })
})

describe('an abandoned task is owed a removal, for it may have left a branch', () => {
  const histories: Record<string, (Fact | FactType)[]> = {
    'before it was made': ['task.requested', 'task.abandoned'],
    'in its worktree': ['task.requested', 'worktree.created', 'task.abandoned'],
    'once parked, its worktree gone': [...active, 'task.parked', 'worktree.removed', 'task.abandoned'],
    'once failed': ['task.requested', finalFailure, 'task.abandoned'],
  }
  test.each(Object.entries(histories))('%s', (_, facts) => {
    expect(nextEffect(given(...facts).state!)).toBe('remove')
    expect(nextEffect(given(...facts, 'worktree.removed').state!)).toBeNull()
  })
})
