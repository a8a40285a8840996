import { arbitraryLife } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

test('facts and states go through JSON and come back the same', () => {
  fc.assert(
    fc.property(arbitraryLife(), (life) => {
      for (const { facts, after } of life) {
        expect(throughJson(facts)).toStrictEqual(facts)
        expect(throughJson(after)).toStrictEqual(after)
      }
    }),
    { numRuns: 100 },
  )
})
