import { MAX_CREATION_ATTEMPTS, nextEffect, type Fact } from '@coppice/core'
import { command, fact, sampleFactData } from '@coppice/testkit'
import { finalFailure } from '../helpers/final-failure.js'
import { describe, expect, test } from 'vitest'
import { accepted, given } from '../helpers/given.js'

const { failure } = sampleFactData['worktree.creation-failed']

/** A creation that failed so often, and may be tried again. */
function failures(count: number): Fact[] {
  return Array.from({ length: count }, (_, index) =>
    fact('worktree.creation-failed', { attempt: index + 1, final: false, failure }),
  )
}

const failureReport = (retryable: boolean) =>
  command('worktree.report-creation-failure', { failure, retryable })

describe('a request', () => {
  test('makes a task that is owed a worktree and keeps what was asked for', () => {
    const { title, base, into, branch, path } = sampleFactData['task.requested']
    const { state } = given('task.requested')
    expect(state).toMatchObject({ id: 'fix-login', status: 'creating', worktree: 'making', version: 1 })
    expect(state).toMatchObject({ title, base, into, branch, path, attempts: 0, checkpoint: null })
  })

  test('is refused for a task that exists, whatever became of it', () => {
    expect(given('task.requested', 'task.abandoned').when(command('task.request')).accepted).toBe(false)
  })
})

describe('a creation that fails', () => {
  test.each(Array.from({ length: MAX_CREATION_ATTEMPTS - 1 }, (_, index) => index + 1))(
    'is tried again after attempt %i, and still owed',
    (attempt) => {
      const before = given('task.requested', ...failures(attempt - 1))
      const recorded = fact('worktree.creation-failed', { attempt, final: false, failure })
      expect(before.when(failureReport(true))).toEqual(accepted('creating', recorded))
      const { state } = given('task.requested', ...failures(attempt))
      expect(state).toMatchObject({ status: 'creating', attempts: attempt, failure })
      expect(nextEffect(state!)).toBe('create')
    },
  )

  test('fails the task with the last attempt that is allowed', () => {
    const before = given('task.requested', ...failures(MAX_CREATION_ATTEMPTS - 1))
    const last = fact('worktree.creation-failed', { attempt: MAX_CREATION_ATTEMPTS, final: true, failure })
    expect(before.when(failureReport(true))).toEqual(accepted('failed', last))
    const { state } = given('task.requested', ...failures(MAX_CREATION_ATTEMPTS - 1), last)
    expect(state).toMatchObject({ status: 'failed', attempts: MAX_CREATION_ATTEMPTS, failure })
    expect(nextEffect(state!)).toBeNull()
  })

  test('fails the task at once where trying again is no use', () => {
    expect(given('task.requested').when(failureReport(false))).toEqual(accepted('failed', finalFailure))
  })

  test('starts counting anew, with the failure forgotten, when a person resumes the task', () => {
    const { state } = given('task.requested', finalFailure, 'task.resumed')
    expect(state).toMatchObject({ status: 'creating', worktree: 'making', attempts: 0, failure: null })
  })

  test('is forgotten once a worktree was made', () => {
    const { state } = given('task.requested', ...failures(2), 'worktree.created')
    const { gitDir } = sampleFactData['worktree.created']
    expect(state).toMatchObject({ status: 'active', worktree: 'present', gitDir, attempts: 0, failure: null })
  })
})
