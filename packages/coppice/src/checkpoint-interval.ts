import { InvalidIntervalError } from './errors.js'

/** Seconds between regular checkpoints where nothing else is said. */
const DEFAULT_SECONDS = 300

/** A day. A timer that waits longer than 24.8 days fires at once. */
const MAX_SECONDS = 86_400

/**
 * Seconds from one regular checkpoint to the next, 0 for none: as the caller says, else the configuration.
 *
 * @throws {InvalidIntervalError}
 */
export function checkpointInterval(given: number | undefined, configured: string | null): number {
  const wanted = given ?? (configured === null ? DEFAULT_SECONDS : wholeNumber(configured))
  if (!Number.isSafeInteger(wanted) || wanted < 0 || wanted > MAX_SECONDS) {
    throw new InvalidIntervalError(String(given ?? configured), MAX_SECONDS)
  }
  return wanted
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
