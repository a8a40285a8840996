import fc from 'fast-check'
import { expect, test } from 'vitest'
import { walk } from '../helpers/walk.js'

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

test('facts and states go through JSON and come back the same', () => {
  fc.assert(
    fc.property(fc.gen(), (choose) => {
      for (const { facts, after } of walk(choose)) {
        expect(throughJson(facts)).toStrictEqual(facts)
        expect(throughJson(after)).toStrictEqual(after)
      }
    }),
    { numRuns: 100 },
  )
})
