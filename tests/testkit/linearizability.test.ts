import {
  assertLinearizable,
  BrokenPromise,
  linearization,
  register,
  type Operation,
  type RegisterCall,
} from '@coppice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type Interval = readonly [invoked: number, answered: number | null]

const read = (value: string | null, [invoked, answered]: Interval): Operation<RegisterCall> => ({
  call: { do: 'read', value },
  invoked,
  answered,
})

const swap = (
  from: string | null,
  to: string | null,
  [invoked, answered]: Interval,
  isDone = true,
): Operation<RegisterCall> => ({ call: { do: 'swap', from, to, isDone }, invoked, answered })

const HISTORIES: readonly (readonly [string, boolean, readonly Operation<RegisterCall>[]])[] = [
  ['nothing', true, []],
  ['a read of what is there', true, [read('a', [1, 2])]],
  ['a read of what never was there', false, [read('b', [1, 2])]],
  ['swaps one after the other', true, [swap('a', 'b', [1, 2]), swap('b', 'c', [3, 4]), read('c', [5, 6])]],
  ['swaps in the other order', false, [swap('b', 'c', [1, 2]), swap('a', 'b', [3, 4])]],
  ['swaps side by side, whatever their order', true, [swap('b', 'c', [1, 4]), swap('a', 'b', [2, 3])]],
  ['two swaps of the same', false, [swap('a', 'b', [1, 4]), swap('a', 'c', [2, 3])]],
  ['two of which one failed', true, [swap('a', 'b', [1, 4]), swap('a', 'c', [2, 3], false)]],
  ['one that failed before the other began', false, [swap('a', 'c', [1, 2], false), swap('a', 'b', [3, 4])]],
  [
    'a swap there and back, and a read in between',
    true,
    [swap('a', 'b', [1, 9]), swap('b', 'a', [2, 9]), read('b', [3, 4]), read('a', [5, 6])],
  ],
  ['reads that go back in time', false, [swap('a', 'b', [1, 9]), read('b', [2, 3]), read('a', [4, 5])]],
  ['reads side by side', true, [swap('a', 'b', [1, 9]), read('b', [2, 5]), read('a', [4, 6])]],
  ['a read of what was there before an answer', false, [swap('a', 'b', [1, 2]), read('a', [3, 4])]],
  ['no answer, and it was done', true, [swap('a', 'b', [1, null]), read('a', [2, 3]), read('b', [4, 5])]],
  ['no answer, and it was not done', true, [swap('a', 'b', [1, null]), read('a', [2, 3])]],
  [
    'no answer, and it was done before it was asked for',
    false,
    [read('b', [1, 2]), swap('a', 'b', [3, null])],
  ],
  [
    'no answer, and it was undone by nobody',
    false,
    [swap('a', 'b', [1, null]), read('b', [2, 3]), read('a', [4, 5])],
  ],
  ['a deletion and a making', true, [swap('a', null, [1, 2]), read(null, [3, 4]), swap(null, 'b', [5, 6])]],
]

test.each(HISTORIES)('%s: linearizable is %s', (_, expected, history) => {
  const order = linearization(history, register('a'))
  expect(order !== null).toBe(expected)
  // It depends on the times alone, and not on the order in which they are told.
  expect(linearization(history.toReversed(), register('a')) !== null).toBe(expected)
})

describe('a history that no order explains', () => {
  test('is told whole, in the order in which it was asked for', () => {
    const assertion = (): void =>
      assertLinearizable([swap('a', 'c', [3, null]), read('b', [1, 2])], register('a'))
    expect(assertion).toThrow(BrokenPromise)
    expect(assertion).toThrow(
      /begins as "a"\n {2}from 1 to 2: \{"do":"read".+\n {2}from 3 to \?: \{"do":"swap"/,
    )
  })

  test('is no such history where there is an order', () => {
    expect(() => assertLinearizable([swap('a', 'b', [1, 2])], register('a'))).not.toThrow()
  })
})

/** Calls that were made of a real register, one at a time, each at one moment in the middle of its time. */
const history = fc
  .array(
    fc.record({
      before: fc.nat({ max: 5 }),
      after: fc.nat({ max: 5 }),
      isRead: fc.boolean(),
      from: fc.constantFrom('a', 'b', 'c'),
      to: fc.constantFrom('a', 'b', 'c'),
    }),
    { maxLength: 12 },
  )
  .map((calls) => {
    let value = 'a'
    return calls.map(({ before, after, isRead, from, to }, index): Operation<RegisterCall> => {
      const time: Interval = [index - before, index + after + 0.5]
      if (isRead) return read(value, time)
      const isDone = value === from
      if (isDone) value = to
      return swap(from, to, time, isDone)
    })
  })

test('whatever was done one after the other is linearizable, and each order that is found is one', () => {
  fc.assert(
    fc.property(history, (operations) => {
      const order = linearization(operations, register('a')) ?? []
      expect(new Set(order)).toEqual(new Set(operations))
      const { initial, next } = register('a')
      const values = order.reduce<string | null | undefined>(
        (value, { call }) => (value === undefined ? undefined : next(value, call)),
        initial,
      )
      expect(values).toBeDefined()
      order.forEach(({ invoked }, index) => {
        for (const later of order.slice(index)) expect(later.answered).toBeGreaterThanOrEqual(invoked)
      })
    }),
  )
})

test('a long history in which all are under way at the same time is judged all the same', () => {
  const swaps = Array.from({ length: 14 }, (_, index) => swap(`${index}`, `${index + 1}`, [1, 100]))
  const reads = Array.from({ length: 14 }, (_, index) => read(`${index}`, [1, 100]))
  expect(linearization([...swaps, ...reads], register('0'))).not.toBeNull()
  expect(linearization([...swaps, ...reads, read('nowhere', [1, 100])], register('0'))).toBeNull()
})
