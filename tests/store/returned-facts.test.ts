import { isDeepStrictEqual } from 'node:util'
import type { Fact } from '@coppice/core'
import { MemoryLog, openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
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
