import { matchesExpectedVersion } from '@coppice/core'
import { expect, test } from 'vitest'

test.each([
  [0, 'any', true],
  [3, 'any', true],
  [0, 'no-stream', true],
  [3, 'no-stream', false],
  [3, 3, true],
  [3, 2, false],
  [0, 1, false],
] as const)('a stream at version %i against the expectation %s: %s', (actual, expected, matches) => {
  expect(matchesExpectedVersion(actual, expected)).toBe(matches)
})
