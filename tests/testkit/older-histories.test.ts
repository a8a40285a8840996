import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine, nextEffect, replay, type EventLog, type RecordedFact, type TaskState } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { arbitraryLog, LockTable, SimulatedWorld } from '@coppice/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeVersionOne, type Append } from './helpers/version-one.js'

let scratch: string
beforeAll(() => (scratch = mkdtempSync(join(tmpdir(), 'coppice-versions-'))))
afterAll(() => rmSync(scratch, { recursive: true }))

/** A history as so many appends, the first of which are older than the rest. */
interface Aged {
  readonly appends: readonly Append[]
  readonly older: number
}

const aged: fc.Arbitrary<Aged> = fc
  .record({
    facts: arbitraryLog(['a', 'b'], { maxCommands: 40 }),
    size: fc.integer({ min: 1, max: 4 }),
    older: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ facts, size, older }) => {
    const appends = grouped(facts, size)
    return { appends, older: Math.round(older * appends.length) }
  })

/** Neighbours of one stream become one append, up to so many. */
function grouped(facts: readonly RecordedFact[], size: number): readonly Append[] {
  const appends: RecordedFact[][] = []
  for (const fact of facts) {
    const last = appends.at(-1)
    if (last === undefined || last.length === size || last[0]?.stream !== fact.stream) appends.push([fact])
    else last.push(fact)
  }
  return appends
}

/** A log of which so many appends were written by version 1, and the rest by the one that is under test. */
async function logOf({ appends, older }: Aged): Promise<EventLog> {
  const directory = mkdtempSync(join(scratch, 'log-'))
  if (older > 0) writeVersionOne(directory, appends.slice(0, older))
  const log = await openFileLog(directory)
  for (const append of appends.slice(older)) {
    const [first] = append
    if (first === undefined) continue
    const facts = append.map(({ type, at, data }) => ({ type, at, data }) as RecordedFact)
    await log.append(first.stream, facts, first.version === 1 ? 'no-stream' : first.version - 1)
  }
  return log
}

/** All that can be known of a log: its facts, the fold of each of its prefixes, and what an engine makes of it. */
async function meaningOf(log: EventLog): Promise<object> {
  const facts: RecordedFact[] = []
  for await (const { hash: _, ...fact } of log.read()) facts.push(fact as RecordedFact)
  const { ports } = new SimulatedWorld().start()
  const locks = new LockTable().openFor('the engine')
  const engine = await Engine.open({ ...ports, log, locks })
  const states: ReadonlyMap<string, TaskState>[] = []
  for (let position = 0; position <= facts.length; position++) states.push(await engine.stateAt(position))
  const tasks = engine.tasks()
  expect(new Map(tasks.map((task) => [task.id, task]))).toEqual(await replay(facts))
  const owed = tasks.map(nextEffect)
  await engine.close()
  return { facts, states, tasks, owed, position: engine.position }
}

test('a history of which the beginning was written by an older version means what its modern twin means', async () => {
  await fc.assert(
    fc.asyncProperty(aged, async (history) => {
      const twin = await logOf({ ...history, older: 0 })
      expect(await meaningOf(await logOf(history))).toEqual(await meaningOf(twin))
    }),
    { numRuns: 40 },
  )
})

test('a history that an older version has written whole means the same, too', async () => {
  await fc.assert(
    fc.asyncProperty(aged, async ({ appends }) => {
      const meanings = [await logOf({ appends, older: appends.length }), await logOf({ appends, older: 0 })]
      const [older, modern] = await Promise.all(meanings.map(meaningOf))
      expect(older).toEqual(modern)
    }),
    { numRuns: 20 },
  )
})

test('a log of an older version is one that this version would not write', async () => {
  const [one, other] = fc.sample(aged, { numRuns: 2, seed: 4 })
  for (const history of [one, other]) {
    const older = await logOf({ ...history!, older: history!.appends.length })
    const modern = await logOf({ ...history!, older: 0 })
    expect(await hashOf(older)).not.toBe(await hashOf(modern))
  }
})

async function hashOf(log: EventLog): Promise<string> {
  let last = ''
  for await (const { hash } of log.read()) last = hash
  return last
}
