import { MeasurementError } from './child.mjs'
import { median } from './median.mjs'

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
 * @property {{ median: number, min: number, max: number }} difference how much more its value is than that
 * @property {number} peakBytes the highest of all rounds
 */

/**
 * Measures every contender between two measurements of what it is compared with, round by round, and compares it with
 * their mean: a disk or a machine that becomes slower meanwhile does so for both.
 *
 * @param {object} plan
 * @param {number} plan.rounds
 * @param {number} [plan.warmUp] rounds before these, whose results are thrown away
 * @param {() => Promise<Measurement>} plan.against
 * @param {readonly Contender[]} plan.contenders
 * @returns {Promise<Comparison[]>}
 */
export async function compare({ rounds, warmUp = 0, against, contenders }) {
  const entries = contenders.map((contender) => ({
    contender,
    pairs: [],
    problem: contender.problem ?? null,
  }))
  if (entries.every(({ problem }) => problem !== null)) return entries.map(resultOf)
  let before = await against()
  for (let round = 1 - warmUp; round <= rounds; round++) {
    for (const entry of entries.filter(({ problem }) => problem === null)) {
      process.stderr.write(
        `${round < 1 ? 'warm-up' : `round ${round} of ${rounds}`}: ${entry.contender.name}\n`,
      )
      const own = await measured(entry)
      const after = await against()
      const isKept = own !== null && round >= 1
      if (isKept) entry.pairs.push({ own, base: (before.value + after.value) / 2 })
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
  return problem === null ? summary(name, pairs) : { name, problem }
}

/**
 * What becomes of the pairs of measurements of all rounds.
 *
 * @param {{ own: Measurement, base: number }[]} pairs
 * @returns {Comparison}
 */
export function summary(name, pairs) {
  const ratios = pairs.map(({ own, base }) => own.value / base)
  const differences = pairs.map(({ own, base }) => own.value - base)
  return {
    name,
    problem: null,
    value: median(pairs.map(({ own }) => own.value)),
    against: median(pairs.map(({ base }) => base)),
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    difference: { median: median(differences), min: Math.min(...differences), max: Math.max(...differences) },
    peakBytes: Math.max(...pairs.map(({ own }) => own.peakBytes)),
  }
}
