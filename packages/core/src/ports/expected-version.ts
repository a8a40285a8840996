/** What an append expects of its stream: that it is empty, anything, or an exact number of facts. */
export type ExpectedVersion = number | 'no-stream' | 'any'

export function matchesExpectedVersion(actual: number, expected: ExpectedVersion): boolean {
  if (expected === 'any') return true
  return actual === (expected === 'no-stream' ? 0 : expected)
}
