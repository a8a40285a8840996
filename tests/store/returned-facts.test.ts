import { isDeepStrictEqual } from 'node:util'
import type { Fact } from '@coppice/core'
import { MemoryLog, openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf, parked } from './helpers/facts.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** Whatever JavaScript has, much of which JSON makes something else of. */
const anything = fc.anything({
  withDate: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  key: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'toJSON', '0', 'constructor')),
})

it('returns from an append what a reader gets, whatever JSON makes of the data', async () => {
  const log = await openFileLog(temporaryDirectory())
  const memory = new MemoryLog()
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), anything), async (data) => {
      const fact = { ...parked(''), data } as unknown as Fact
      const [inFile] = await log.append('task/a', [fact], 'any').catch(() => [])
      const [inMemory] = await memory.append('task/a', [fact], 'any').catch(() => [])
      // Matchers look at a property called constructor; this looks at values and prototypes.
      expect(isDeepStrictEqual(inMemory?.data, inFile?.data)).toBe(true)
      if (inFile === undefined) return
      expect(isDeepStrictEqual(await factsOf(log, inFile.sequence), [inFile])).toBe(true)
    }),
    { numRuns: 500 },
  )
  await log.close()
})

it.each<[string, () => unknown]>([
  [
    'a getter that gives another value each time',
    () => {
      let count = 0
      return {
        get count() {
          return ++count
        },
      }
    },
  ],
  ['an array that says what its JSON is', () => Object.assign([1, 2], { toJSON: () => 'list' })],
  ['an array of a class', () => new (class extends Array<number> {})(3, 2, 1)],
  ['a hidden toJSON', () => Object.defineProperty({ a: 1 }, 'toJSON', { value: () => ({ b: 2 }) })],
  [
    'an array that iterates in its own way',
    () => Object.assign([1, 2], { [Symbol.iterator]: () => [9].values() }),
  ],
  ['a proxy', () => new Proxy({ a: 1 }, { get: (_, key) => (key === 'a' ? Math.random() : undefined) })],
])('returns what it has written for %s', async (_, make) => {
  const log = await openFileLog(temporaryDirectory())
  const recorded = await log.append('task/a', [{ ...parked(''), data: make() } as unknown as Fact], 'any')
  expect(isDeepStrictEqual(await factsOf(log), recorded)).toBe(true)
  await log.close()
})

it.each([4_000, 8_000, 100_000])(
  'copies data that is nested %i deep, or refuses it clearly',
  async (depth) => {
    const log = await openFileLog(temporaryDirectory())
    let data: unknown = 1
    for (let level = 0; level < depth; level++) data = [data]
    const outcome = await log
      .append('task/a', [{ ...parked(''), data } as unknown as Fact], 'any')
      .then(() => 'recorded', codeOf)
    // How deep the stack is differs from machine to machine.
    expect(['recorded', 'fact-not-json']).toContain(outcome)
    await log.close()
  },
)

it('gives no fact to a reader that has stopped', async () => {
  const log = await openFileLog(temporaryDirectory())
  await log.append('task/a', [parked(1), parked(2)], 'any')
  const facts = log.read()[Symbol.asyncIterator]()
  const first = facts.next()
  await Promise.resolve()
  await facts.return?.()
  await first
  expect(await facts.next()).toEqual({ done: true, value: undefined })
  await log.close()
})

it('returns a copy, which later changes to the data do not reach', async () => {
  const log = await openFileLog(temporaryDirectory())
  const data = { reason: 'first', list: [{ deep: 1 }] }
  const appending = log.append('task/a', [{ ...parked(''), data }], 'any')
  data.reason = 'changed'
  data.list[0]!.deep = 2
  const [fact] = await appending
  expect(fact?.data).toEqual({ reason: 'first', list: [{ deep: 1 }] })
  expect(await factsOf(log)).toEqual([fact])
  await log.close()
})
