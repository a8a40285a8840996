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

/**
 * The facts of a history that `coppice log --json` has printed, a JSON object a line.
 *
 * @throws {HistoryError} with the number of the line that is no fact
 */
export function parseHistory(text: string): readonly RecordedFact[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), where: `line ${index + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, where }) => factIn(line, where))
}

function factIn(line: string, where: string): RecordedFact {
  const value = valueOf(line, where)
  for (const [field, type] of Object.entries(FIELDS)) {
    const found = value[field]
    if (typeof found !== type || found === null) throw new HistoryError(where, `a fact without its ${field}`)
  }
  return value as unknown as RecordedFact
}

function valueOf(line: string, where: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new HistoryError(where, 'no JSON')
  }
  if (typeof value !== 'object' || value === null) throw new HistoryError(where, 'no JSON object')
  return value as Record<string, unknown>
}
