/**
 * Milliseconds that work takes, as a measurement.
 *
 * @param {() => Promise<unknown>} work
 * @returns {Promise<import('./child.mjs').Measurement>}
 */
export async function stopwatch(work) {
  const started = performance.now()
  await work()
  const value = performance.now() - started
  return { value, peakBytes: process.resourceUsage().maxRSS * 1024 }
}
