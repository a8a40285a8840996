/** The time of every sample, ISO 8601. */
export const SAMPLE_TIME = '2026-01-02T03:04:05.678Z'

/** A full object id that is easy to tell from others in a failure's output: one hexadecimal digit, forty times. */
export function objectId(digit: string): string {
  return digit.repeat(40)
}
