import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { plotOf } from './plot.mjs'
import { facts, table } from './table.mjs'

/**
 * Prints a benchmark's results, and writes them where the options say. A benchmark reports: a bar that is missed is
 * named, and is no failure.
 *
 * @param {object} results
 * @param {string} results.title
 * @param {string} results.explanation
 * @param {string[][]} results.surroundings
 * @param {import('./table.mjs').Row[]} results.rows
 * @param {boolean} [results.isPlotted] whether there is to be a plot beside the table
 * @param {import('./arguments.mjs').Options} options
 */
export function publish({ title, explanation, surroundings, rows, isPlotted = false }, { out, quick }) {
  const findings = [table(rows).trimEnd(), verdictOn(rows)]
  if (quick) findings.push('A quick run shows that the benchmark works. Its figures mean nothing.')
  process.stdout.write(paragraphs(findings))
  if (out === null) return
  mkdirSync(dirname(out), { recursive: true })
  const intro = [`# ${title}`, explanation, facts(surroundings).trimEnd()]
  if (isPlotted) {
    const image = `${out.replace(/\.md$/, '')}.svg`
    writeFileSync(image, plotOf({ title, rows }))
    intro.push(`![${title}](${basename(image)})`)
  }
  writeFileSync(out, paragraphs([...intro, ...findings]))
  process.stderr.write(`written to ${out}\n`)
}

function verdictOn(rows) {
  const missed = rows.filter(({ isMet }) => isMet === false).map(({ measure }) => measure)
  return missed.length > 0 ? `Missed: ${missed.join('; ')}.` : 'Every bar was met.'
}

function paragraphs(texts) {
  return `${texts.join('\n\n')}\n`
}
