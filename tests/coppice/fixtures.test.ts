import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  FACT_TYPES,
  nextEffect,
  replay,
  TASK_STATUSES,
  type EventLog,
  type RecordedFact,
  type TaskState,
} from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { describe, expect, test } from 'vitest'
import { makeScratch } from '../helpers/repository.js'

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))

/** One directory for every released version, with the log that it wrote and the states that the log means. */
const versions = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

async function factsOf(version: string): Promise<RecordedFact[]> {
  const log = await copyOf(version)
  const facts = []
  for await (const fact of log.read()) facts.push(fact)
  await log.close()
  return facts
}

/** A fixture is opened as a copy, for a log that is appended to changes. */
function copyOf(version: string): Promise<EventLog> {
  const state = makeScratch()
  cpSync(join(fixtures, version), state, { recursive: true })
  return openFileLog(state)
}

test('the logs of all released versions together hold every type of fact', async () => {
  const facts = (await Promise.all(versions.map(factsOf))).flat()
  expect(new Set(facts.map(({ type }) => type))).toEqual(new Set(FACT_TYPES))
})

describe.each(versions)('a log written by version %s', (version) => {
  test('is replayed to the states that it meant then', async () => {
    const log = await copyOf(version)
    const states = JSON.parse(readFileSync(join(fixtures, version, 'states.json'), 'utf8')) as TaskState[]
    expect([...(await replay(log.read())).values()]).toEqual(states)
    await log.close()
  })

  test('can be replayed up to every position', async () => {
    const facts = await factsOf(version)
    for (const [index] of facts.entries()) {
      for (const task of (await replay(facts.slice(0, index))).values()) {
        expect(TASK_STATUSES).toContain(task.status)
        expect(() => nextEffect(task)).not.toThrow()
      }
    }
  })

  test('can be appended to', async () => {
    const log = await copyOf(version)
    const at = '2030-01-01T00:00:00.000Z'
    const [fact] = await log.append('task/lost', [{ type: 'task.parked', at, data: { reason: null } }], 'any')
    expect((await replay(log.read())).get('lost')).toMatchObject({ status: 'parked', version: fact?.version })
    await log.close()
  })
})
