/**
 * @typedef {object} Row
 * @property {string} measure
 * @property {string} result
 * @property {string} [against]
 * @property {string} [ratio]
 * @property {string} [bar]
 * @property {boolean} [isMet] whether the result reaches the bar
 * @property {Speed} [speed] the same for a plot
 *
 * @typedef {object} Speed how many times as quick it is as what it is compared with
 * @property {number} ratio the median of the rounds; `min` and `max` enclose them
 * @property {number} min
 * @property {number} max
 * @property {number | null} bar
 */

const HEADINGS = ['measure', 'result', 'against', 'ratio (min … max)', 'bar', 'met']

/** The rows of a benchmark as a Markdown table. A cell that says nothing of a row is a dash. */
export function table(rows) {
  return markdown([
    HEADINGS,
    HEADINGS.map(() => '---'),
    ...rows.map(({ measure, result, against, ratio, bar, isMet }) => [
      measure,
      result,
      against,
      ratio,
      bar,
      isMet === undefined ? undefined : yesOrNo(isMet),
    ]),
  ])
}

/** Pairs of a name and what it is, as a Markdown table. */
export function facts(pairs) {
  return markdown([['', ''], ['---', '---'], ...pairs])
}

/** A row for what did not run, and why. */
export function failedRow(measure, problem) {
  return { measure, result: `not measured: ${problem}` }
}

/** A whole number with its thousands apart. */
export function count(number) {
  return Math.round(number).toLocaleString('en-US')
}

/** A ratio with the range of its rounds, each through the same format. */
export function ratioCell({ ratio, min, max }, format) {
  return `**${format(ratio)}** (${format(min)} … ${format(max)})`
}

function yesOrNo(isMet) {
  return isMet ? 'yes' : 'NO'
}

function markdown(lines) {
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('')
}

function cell(text = '—') {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', String.raw`\|`)
}
