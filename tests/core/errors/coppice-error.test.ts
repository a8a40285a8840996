import {
  CoppiceError,
  IllegalMoveError,
  isCoppiceError,
  LogClosedError,
  TaskNotFoundError,
  VersionConflictError,
} from '@coppice/core'
import { describe, expect, test } from 'vitest'

describe('an error of Coppice', () => {
  test('is told from any other, and by its code from any other of its kind', () => {
    const error: unknown = new TaskNotFoundError('fix')
    expect(isCoppiceError(error)).toBe(true)
    expect(isCoppiceError(error, 'task-not-found')).toBe(true)
    expect(isCoppiceError(error, 'task-exists')).toBe(false)
    expect(isCoppiceError(new Error('task-not-found'))).toBe(false)
    expect(isCoppiceError(undefined)).toBe(false)
  })

  test('carries its name, what was wrong, what to do, and the values as fields', () => {
    const error = new VersionConflictError('task/fix', 'no-stream', 2)
    expect(error).toBeInstanceOf(CoppiceError)
    expect(error).toMatchObject({
      name: 'VersionConflictError',
      message: 'stream task/fix is at version 2, the append expected no-stream',
      hint: 'read the stream again and decide anew',
      stream: 'task/fix',
      expected: 'no-stream',
      actual: 2,
    })
  })

  test('has no hint where there is nothing to do, and no cause where there was none', () => {
    const error = new LogClosedError()
    expect(error.hint).toBeNull()
    expect('cause' in error).toBe(false)
  })

  test('of the lifecycle speaks of a command as a person would', () => {
    const error = new IllegalMoveError('fix', 'parked', 'agent.report-started', ['task.resume'])
    expect(error.message).toBe('task "fix" is parked: running a command is not possible now')
    expect(error.hint).toBe('possible now: resume')
  })
})
