import type { FactOf } from '@coppice/core'
import { SAMPLE_TIME, sampleFactData } from '@coppice/testkit'
import { expect, test } from 'vitest'
import { stateAfter } from '../helpers/given.js'

test('a worktree that was found in another place is there from then on', () => {
  const data = { ...sampleFactData['worktree.rebuilt'], path: '/elsewhere/fix-login' }
  const rebuilt: FactOf<'worktree.rebuilt'> = { type: 'worktree.rebuilt', at: SAMPLE_TIME, data }

  const state = stateAfter('task.requested', 'worktree.created', 'worktree.lost', rebuilt)

  expect(state).toMatchObject({ path: '/elsewhere/fix-login', gitDir: data.gitDir, worktree: 'present' })
})

test('a worktree that was made anew is where it was', () => {
  const state = stateAfter('task.requested', 'worktree.created', 'worktree.lost', 'worktree.rebuilt')

  expect(state).toMatchObject({ path: sampleFactData['task.requested'].path })
})
