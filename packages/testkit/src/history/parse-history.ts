import type { RecordedFact } from '@coppice/core'
import { HistoryError } from './history-error.js'

/** The fields of a fact as `coppice log --json` prints it, and what each holds. */
const FIELDS = {
  type: 'string',
  at: 'string',
  stream: 'string',
  hash: 'string',
  sequence: 'number',
  version: 'number',
  data: 'object',
} as const

const ONE_A_LINE = 'print it with coppice log --json, and keep its lines as they are: each is one fact, whole'

/**
 * The facts of a history that `coppice log --json` has printed, a JSON object a line.
 *
 * @throws {HistoryError} with the number of the line that is no fact
 */
export function parseHistory(text: string): readonly RecordedFact[] {
  requireLines(text)
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), where: `line ${index + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, where }) => factIn(line, where))
}

/** Other things that are easily taken for the text of a history are told apart from one that is damaged. */
function requireLines(text: string): void {
  const given = text.trim()
  if (given.startsWith('['))
    throw new HistoryError('line 1', 'a JSON array', {
      hint: 'give what is in it, replayHistory(JSON.parse(text)), or a text with one fact a line',
    })
  // A path is one line without the braces of JSON.
  if (/^[^\n{}"]*[./\\][^\n{}"]*$/.test(given))
    throw new HistoryError('line 1', 'no JSON: it looks like the path of a file', {
      hint: "give the file's text: readFileSync(path, 'utf8')",
    })
}

function factIn(line: string, where: string): RecordedFact {
  const value = valueOf(line, where)
  for (const [field, type] of Object.entries(FIELDS)) {
    const found = value[field]
    if (typeof found !== type || found === null)
      throw new HistoryError(where, `a fact without its ${field}`, { hint: ONE_A_LINE })
  }
  return value as unknown as RecordedFact
}

function valueOf(line: string, where: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new HistoryError(where, 'no JSON', { hint: ONE_A_LINE, cause })
  }
  if (typeof value !== 'object' || value === null)
    throw new HistoryError(where, 'no JSON object', { hint: ONE_A_LINE })
  return value as Record<string, unknown>
}
