import { RestlessWorktreeError } from '@coppice/core'
import { expect, test } from 'vitest'

test('a worktree that was only looked at is not said to be pinned', () => {
  const { message, hint } = new RestlessWorktreeError('fix', { looks: 10 })
  expect(message).toBe('the worktree of task "fix" changed during each of 10 looks at it')
  expect(hint).toContain('what it holds now is not pinned')
})

test('a worktree that was pinned again and again is said to be', () => {
  const { message, hint } = new RestlessWorktreeError('fix', { pins: 3 })
  expect(message).toBe('the worktree of task "fix" was pinned 3 times, and had changed again each time')
  expect(hint).toContain('each of these states is pinned')
})
