import { scaleOver } from './scale.mjs'

const WIDTH = 920
const LABELS = 520
const MARGIN = 16
const HEAD = 64
const FOOT = 44
const ROW = 30

const LEGEND =
  'How many times as quick as what stands below its name. An upright stroke is a bar, and a diamond misses it.'

/** Colours for light surroundings, and for dark ones; shapes and places say the same as they do. */
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.faint { fill: #57606a; font-size: 11px }
.grid { stroke: #d0d7de }
.even { stroke: #57606a }
.range { stroke: #57606a; stroke-width: 2 }
.bar { stroke: #9a6700; stroke-width: 3 }
.good { fill: #1a7f37 }
.missed { fill: #cf222e }
.plain { fill: #0969da }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.faint { fill: #9198a1 }
.grid { stroke: #30363d }
.even { stroke: #9198a1 }
.range { stroke: #9198a1 }
.bar { stroke: #d29922 }
.good { fill: #3fb950 }
.missed { fill: #f85149 }
.plain { fill: #58a6ff }
}`

/**
 * The rows that have a speed, each a point with its range and its bar, on a logarithmic axis. The picture stands for
 * itself and follows the reader's choice of light or dark.
 *
 * @param {{ title: string, rows: import('./table.mjs').Row[] }} plot
 * @returns {string} an SVG file
 */
export function plotOf({ title, rows }) {
  const points = rows.filter(({ speed }) => speed !== undefined)
  const bottom = HEAD + points.length * ROW
  const height = bottom + FOOT
  const scale = scaleOver(points.flatMap(valuesOf), LABELS, WIDTH - 2 * MARGIN)
  const parts = [
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    label(MARGIN, 26, title, 'title'),
    label(MARGIN, 44, LEGEND, 'faint'),
    ...scale.ticks.flatMap((value) => tick(scale.at(value), value, bottom)),
    ...points.flatMap((row, index) => point(row, HEAD + (index + 0.5) * ROW, scale)),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">\n${parts.join('\n')}\n</svg>\n`
}

function valuesOf({ speed: { min, max, bar } }) {
  return bar === null ? [min, max] : [min, max, bar]
}

function tick(x, value, bottom) {
  return [
    line(x, HEAD - 6, x, bottom + 6, value === 1 ? 'even' : 'grid'),
    label(x, bottom + 22, `${value}x`, 'faint', 'middle'),
  ]
}

function point({ measure, against = '', isMet, speed }, y, { at }) {
  const colour = isMet === undefined ? 'plain' : isMet ? 'good' : 'missed'
  const x = at(speed.ratio)
  const [measured, compared] = [measure.replaceAll('`', ''), against.replace(/: [^:]*$/, '')]
  return [
    label(MARGIN, y - 2, measured),
    label(MARGIN, y + 11, `beside ${compared}`, 'faint'),
    line(at(speed.min), y, at(speed.max), y, 'range'),
    ...(speed.bar === null ? [] : [line(at(speed.bar), y - 9, at(speed.bar), y + 9, 'bar')]),
    isMet === false
      ? `<path class="${colour}" d="M${x} ${y - 6}l6 6l-6 6l-6 -6z"/>`
      : `<circle class="${colour}" cx="${x}" cy="${y}" r="5"/>`,
  ]
}

function line(x1, y1, x2, y2, kind) {
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`
}

function label(x, y, text, kind = '', anchor = 'start') {
  return `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
