import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog } from '@coppice/store'
import { manyParked } from './facts.js'

export const GENESIS = '0'.repeat(64)

export function segmentPath(directory: string, segment = 1): string {
  return join(directory, 'log', `${String(segment).padStart(8, '0')}.jsonl`)
}

/** The content of every file of a log, by name. */
export function filesOf(directory: string): Record<string, string> {
  const names = readdirSync(join(directory, 'log')).toSorted()
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, 'log', name), 'latin1')]))
}

/** Writes a log of appends with so many facts each. */
export async function writeLog(
  directory: string,
  appends: readonly number[],
  segmentBytes?: number,
): Promise<void> {
  const log = await openFileLog(directory, segmentBytes === undefined ? {} : { segmentBytes })
  for (const [index, count] of appends.entries()) {
    await log.append(`task/${index % 3}`, manyParked(count), 'any')
  }
  await log.close()
}

/** A line of the log as docs/log-format.md describes it, made without the code that is under test. */
export function line(previous: string, fields: object): { text: string; hash: string } {
  const body = JSON.stringify(fields).slice(0, -1)
  const hash = createHash('sha256').update(`${previous}"}\n${body}`).digest('hex')
  return { text: `${body},"hash":"${hash}"}\n`, hash }
}

export function header(fields: object = {}): { text: string; hash: string } {
  return line(GENESIS, { v: 2, log: 'coppice', segment: 1, first: 1, prev: GENESIS, ...fields })
}

/** The fields of a good first record. */
export const record = {
  v: 2,
  seq: 1,
  version: 1,
  more: 0,
  synced: 0,
  stream: 'task/a',
  type: 'task.parked',
  at: '2024-01-02T03:04:05.678Z',
  data: { reason: null },
}
