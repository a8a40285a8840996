import { AssertionError } from 'node:assert'
import type { FactType, Request } from '@coppice/core'
import { command, fact, given, HistoryError, recordFacts } from '@coppice/testkit'
import { expect, test } from 'vitest'

const active = ['task.requested', 'worktree.created'] as const

test('a command is decided on the state after a history, and its facts are compared', () => {
  const parked = given(...active).when(command('task.park', { reason: 'lunch' }))
  expect(() => parked.then({ type: 'task.parked', data: { reason: 'lunch' } })).not.toThrow()
})

test('facts that differ in type, data or number are told', () => {
  const parked = given(...active).when(command('task.park', { reason: 'lunch' }))
  const parkedWhy = (reason: string) => ({ type: 'task.parked' as const, data: { reason } })
  for (const wrong of [
    [],
    [parkedWhy('dinner')],
    [parkedWhy('lunch'), parkedWhy('lunch')],
    [fact('task.resumed')],
  ])
    expect(() => parked.then(...wrong)).toThrow(AssertionError)
})

test('a time counts where it is expected', () => {
  const parked = given(...active).when({ ...command('task.park'), at: '2030-01-01T00:00:00.000Z' })
  const { type, data } = fact('task.parked')
  parked.then({ type, data, at: '2030-01-01T00:00:00.000Z' })
  expect(() => parked.then({ type, data, at: '2031-01-01T00:00:00.000Z' })).toThrow(AssertionError)
})

test('a request needs no time, and a history may be recorded, or data that matter', () => {
  const history = recordFacts([
    fact('task.requested'),
    fact('worktree.created'),
    fact('task.parked', { reason: null }),
  ])
  given(...history)
    .when({ type: 'task.resume', data: {} })
    .then({ type: 'task.resumed', data: {} })
  expect(given(...history).state).toMatchObject({ status: 'parked', version: 3 })
})

test('nothing at all comes before the first fact', () => {
  expect(given().state).toBeNull()
  given().when(command('task.request')).then(fact('task.requested'))
})

test('a refusal is expected too, and told with what would have been allowed', () => {
  given(...active)
    .when(command('task.resume'))
    .thenRefused()
  expect(() =>
    given(...active)
      .when(command('task.resume'))
      .then(fact('task.resumed')),
  ).toThrow(/task\.resume of a task that is active was refused; allowed: .*task\.park/)
  expect(() =>
    given(...active)
      .when(command('task.park'))
      .thenRefused(),
  ).toThrow(/records task\.parked/)
})

test('a command that there is not is an error, and no refusal', () => {
  const mistyped = { type: 'task.prak', data: {} } as unknown as Request
  expect(() => given(...active).when(mistyped)).toThrow(/^task\.prak is no command; there are .*task\.park/)
})

test('a history that no log can have is an error, with the fact that cannot come there', () => {
  const landed = () => given('merge.landed')
  expect(landed).toThrow(HistoryError)
  expect(landed).toThrow('given fact 1: merge.landed comes to no task that is not requested')
  expect(() => given(...active, 'task.resumed')).toThrow(
    'given fact 3: task.resumed comes to no task that is active',
  )
  expect(() => given(...active, 'task.dreamt' as FactType)).toThrow(/task\.dreamt/)
})
