import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { EventLog, RecordedFact } from '@coppice/core'
import type { ContractCheck, DurableLog } from './contract-case.js'
import { manyParked, parked } from './facts.js'
import { all, meanwhile } from './reading.js'

/** Appends that are under way when the power is cut. */
const APPENDS = 8

/** Acknowledgements, of those, after which it is cut. */
const ACKNOWLEDGED = [1, 3, APPENDS]

/** Turns that the log gets first where it is cut before any acknowledgement. */
const TURNS = 3

/** Times that somebody reads a log on which appends are under way, until there is something. */
const MAX_READS = 1_000

export const powerCutCases: readonly ContractCheck<DurableLog>[] = [
  {
    name: 'what was acknowledged survives a power cut, and the log goes on behind it',
    check: async (opened) => {
      const acknowledged: RecordedFact[] = []
      for (let version = 0; version < 3; version++)
        acknowledged.push(...(await opened.log.append('task/a', [parked(version)], version)))
      await opened.cutPower()
      await assertKept(opened, acknowledged)
    },
  },
  {
    name: 'a large append that was acknowledged survives a power cut whole',
    check: async (opened) => {
      const acknowledged = await opened.log.append('task/a', manyParked(200), 'no-stream')
      await opened.cutPower()
      await assertKept(opened, acknowledged)
    },
  },
  ...ACKNOWLEDGED.map((count) => ({
    name: `of appends side by side those survive a power cut that were acknowledged, after ${count} of ${APPENDS}`,
    check: async (opened: DurableLog) => {
      const acknowledged: RecordedFact[] = []
      await acknowledgements(opened.log, count, acknowledged)
      await opened.cutPower()
      await assertKept(opened, acknowledged)
    },
  })),
  {
    name: 'a power cut before any acknowledgement leaves a log that can be opened and goes on',
    check: async (opened) => {
      const acknowledged: RecordedFact[] = []
      void meanwhile(acknowledgements(opened.log, APPENDS, acknowledged))
      for (let count = 0; count < TURNS; count++) await turn()
      await opened.cutPower()
      await assertKept(opened, acknowledged)
    },
  },
  {
    name: 'what a reader was given survives a power cut, though nobody had it acknowledged',
    check: async (opened) => {
      void meanwhile(acknowledgements(opened.log, APPENDS, []))
      const reader = await opened.reopen()
      let given: readonly RecordedFact[] = []
      for (let read = 0; given.length === 0 && read < MAX_READS; read++) {
        given = await all(reader.read())
        if (given.length === 0) await turn()
      }
      await opened.cutPower()
      await assertKept(opened, given)
    },
  },
]

/** Appends side by side; resolves when so many are acknowledged, of which the facts are collected. */
async function acknowledgements(log: EventLog, count: number, collected: RecordedFact[]): Promise<void> {
  let left = count
  await new Promise<void>((resolve, reject) => {
    const append = async (index: number): Promise<void> => {
      collected.push(...(await log.append(`task/${index % 3}`, manyParked(2, `${index}-`), 'any')))
      left -= 1
      if (left === 0) resolve()
    }
    for (let index = 0; index < APPENDS; index++) append(index).catch(reject)
  })
}

/** All that was acknowledged, or read, is in its place, nothing is missing before it, and the next append comes at the end. */
async function assertKept({ reopen }: DurableLog, kept: readonly RecordedFact[]): Promise<void> {
  // Of what is acknowledged from now on nobody hears.
  const expected = [...kept]
  const log = await reopen()
  try {
    const facts = await all(log.read())
    for (const fact of expected)
      assert.deepEqual(facts[fact.sequence - 1], fact, `fact #${fact.sequence} after the power cut`)
    assert.deepEqual(
      facts.map(({ sequence }) => sequence),
      facts.map((_, index) => index + 1),
    )
    const [next] = await log.append('task/next', [parked('next')], 'no-stream')
    assert.equal(next?.sequence, facts.length + 1)
  } finally {
    await log.close()
  }
}
