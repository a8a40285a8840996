import type { FactOf } from '@coppice/core'
import { expect, test } from 'vitest'
import { stateAfter } from '../helpers/given.js'
import { factData, AT } from '../helpers/samples.js'

test('a worktree that was found in another place is there from then on', () => {
  const data = { ...factData['worktree.rebuilt'], path: '/elsewhere/fix-login' }
  const rebuilt: FactOf<'worktree.rebuilt'> = { type: 'worktree.rebuilt', at: AT, data }

  const state = stateAfter('task.requested', 'worktree.created', 'worktree.lost', rebuilt)

  expect(state).toMatchObject({ path: '/elsewhere/fix-login', gitDir: data.gitDir, worktree: 'present' })
})

test('a worktree that was made anew is where it was', () => {
  const state = stateAfter('task.requested', 'worktree.created', 'worktree.lost', 'worktree.rebuilt')

  expect(state).toMatchObject({ path: factData['task.requested'].path })
})
