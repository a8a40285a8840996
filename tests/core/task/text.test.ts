import { MAX_MESSAGE_LENGTH, parseMessage, parseReason } from '@coppice/core'
import { describe, expect, test } from 'vitest'

describe.each([
  ['message', parseMessage],
  ['reason', parseReason],
] as const)('a %s', (field, parse) => {
  test('is kept as it is up to its limit', () => {
    const longest = 'x'.repeat(MAX_MESSAGE_LENGTH)
    expect(parse(longest)).toBe(longest)
    expect(parse('')).toBe('')
  })

  test('is null where there is none', () => {
    expect(parse(undefined)).toBeNull()
  })

  test('is refused beyond its limit, with both lengths', () => {
    const length = MAX_MESSAGE_LENGTH + 1
    expect(() => parse('x'.repeat(length))).toThrow(
      expect.objectContaining({
        code: 'invalid-text',
        field,
        length,
        limit: MAX_MESSAGE_LENGTH,
        hint: `shorten the ${field}`,
      }),
    )
  })
})
