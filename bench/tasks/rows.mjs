import { count, failedRow, ratioCell } from '../harness/table.mjs'

/**
 * A row for something that takes time, beside what else takes time; the less the better.
 *
 * @param {import('../harness/compare.mjs').Comparison} comparison in milliseconds
 * @param {{ measure: string, against: string, most?: number }} names `most` is the largest ratio that is good
 */
export function timeRow(comparison, { measure, against, most }) {
  if (comparison.problem !== null) return failedRow(measure, comparison.problem)
  const { value, against: theirs, ratio, min, max } = comparison
  return {
    measure,
    result: milliseconds(value),
    against: `${against}: ${milliseconds(theirs)}`,
    ratio: ratioCell(comparison, times),
    ...(most === undefined ? {} : { bar: `≤ ${times(most)}`, isMet: ratio <= most }),
    speed: { ratio: 1 / ratio, min: 1 / max, max: 1 / min, bar: most === undefined ? null : 1 / most },
  }
}

/**
 * A row for a rate, beside another rate; the more the better.
 *
 * @param {import('../harness/compare.mjs').Comparison} comparison
 * @param {object} names
 * @param {string} names.measure
 * @param {string} names.against
 * @param {string} names.unit
 * @param {readonly [string, string]} names.notes what else there is to say of the one and of the other
 * @param {number} [names.least] the smallest ratio that is good
 */
export function rateRow(comparison, { measure, against, unit, notes: [ours, others], least }) {
  if (comparison.problem !== null) return failedRow(measure, comparison.problem)
  const { value, against: theirs, ratio, min, max } = comparison
  return {
    measure,
    result: `${count(value)} ${unit} (${ours})`,
    against: `${against}: ${count(theirs)} ${unit} (${others})`,
    ratio: ratioCell(comparison, times),
    ...(least === undefined ? {} : { bar: `≥ ${times(least)}`, isMet: ratio >= least }),
    speed: { ratio, min, max, bar: least ?? null },
  }
}

export function milliseconds(value) {
  return `${value < 10 ? value.toFixed(1) : count(value)} ms`
}

export function times(ratio) {
  if (ratio >= 10) return `${ratio.toFixed(1)}x`
  return ratio >= 0.1 ? `${ratio.toFixed(2)}x` : `${Number(ratio.toPrecision(2))}x`
}
