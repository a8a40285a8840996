import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { facts, table } from './table.mjs'

/**
 * Prints a benchmark's results, and writes them where the options say. A benchmark reports: a bar that is missed is
 * named, and is no failure.
 *
 * @param {{ title: string, explanation: string, surroundings: string[][], rows: import('./table.mjs').Row[] }} results
 * @param {import('./arguments.mjs').Options} options
 */
export function publish({ title, explanation, surroundings, rows }, { out, quick }) {
  const findings = [table(rows).trimEnd(), verdictOn(rows)]
  if (quick) findings.push('A quick run shows that the benchmark works. Its figures mean nothing.')
  process.stdout.write(paragraphs(findings))
  if (out === null) return
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, paragraphs([`# ${title}`, explanation, facts(surroundings).trimEnd(), ...findings]))
  process.stderr.write(`written to ${out}\n`)
}

function verdictOn(rows) {
  const missed = rows.filter(({ isMet }) => isMet === false).map(({ measure }) => measure)
  return missed.length > 0 ? `Missed: ${missed.join('; ')}.` : 'Every bar was met.'
}

function paragraphs(texts) {
  return `${texts.join('\n\n')}\n`
}
