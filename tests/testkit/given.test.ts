import { AssertionError } from 'node:assert'
import { command, fact, given, recordFacts } from '@coppice/testkit'
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
