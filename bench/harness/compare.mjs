import { MeasurementError } from './child.mjs'

/**
 * @typedef {import('./child.mjs').Measurement} Measurement
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => Promise<Measurement>} measure
 * @property {boolean} [isPeer] what is not ours may fail; that is said, and the others go on
 * @property {string | null} [problem] why it cannot even be tried
 *
 * @typedef {object} Comparison
 * @property {string} name
 * @property {string | null} problem why there are no figures; then there is nothing else
 * @property {number} value the median of the contender's own values
 * @property {number} against the median of what it was measured against
 * @property {number} ratio the median of the ratios of the rounds; `min` and `max` enclose them
 * @property {number} peakBytes the highest of all rounds
 */

/**
 * Measures every contender between two measurements of what it is compared with, round by round, and compares it with
 * their mean: a disk or a machine that becomes slower meanwhile does so for both.
 *
 * @param {{ rounds: number, against: () => Promise<Measurement>, contenders: readonly Contender[] }} plan
 * @returns {Promise<Comparison[]>}
 */
export async function compare({ rounds, against, contenders }) {
  const entries = contenders.map((contender) => ({
    contender,
    pairs: [],
    problem: contender.problem ?? null,
  }))
  let before = await against()
  for (let round = 1; round <= rounds; round++) {
    for (const entry of entries.filter(({ problem }) => problem === null)) {
      process.stderr.write(`round ${round} of ${rounds}: ${entry.contender.name}\n`)
      const own = await measured(entry)
      const after = await against()
      if (own !== null) entry.pairs.push({ own, base: (before.value + after.value) / 2 })
      before = after
    }
  }
  return entries.map(resultOf)
}

/** The contender's measurement; or null when a peer failed, which is then not tried again. */
async function measured(entry) {
  try {
    return await entry.contender.measure()
  } catch (error) {
    if (entry.contender.isPeer !== true || !(error instanceof MeasurementError)) throw error
    entry.problem = error.message
    return null
  }
}

function resultOf({ contender: { name }, pairs, problem }) {
  if (problem !== null) return { name, problem }
  const ratios = pairs.map(({ own, base }) => own.value / base)
  return {
    name,
    problem,
    value: median(pairs.map(({ own }) => own.value)),
    against: median(pairs.map(({ base }) => base)),
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    peakBytes: Math.max(...pairs.map(({ own }) => own.peakBytes)),
  }
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
