import assert from 'node:assert/strict'
import { isCoppiceError, type EventLog, type RecordedFact } from '@coppice/core'
import type { ContractCheck, ReopenableLog } from './contract-case.js'
import { manyParked, parked } from './facts.js'
import { all, meanwhile, take } from './reading.js'

export const reopenCases: readonly ContractCheck<ReopenableLog>[] = [
  {
    name: 'a log that is opened again holds the same facts and goes on behind them',
    check: async ({ log, reopen }) => {
      const first = await log.append('task/a', manyParked(3), 'no-stream')
      await log.close()
      const again = await reopen()
      try {
        assert.deepEqual(await all(again.read()), first)
        const second = await again.append('task/a', manyParked(2), 3)
        assert.deepEqual(await all(again.read()), [...first, ...second])
      } finally {
        await again.close()
      }
    },
  },
  {
    name: 'what was acknowledged is there for who opens the log, though nobody has closed it',
    check: async ({ log, reopen }) => {
      const recorded = await log.append('task/a', manyParked(3), 'no-stream')
      const other = await reopen()
      try {
        assert.deepEqual(await all(other.read()), recorded)
      } finally {
        await other.close()
      }
    },
  },
  {
    name: 'a long log that is opened again holds every fact, and every text to its end',
    check: async ({ log, reopen }) => {
      const before: RecordedFact[] = []
      for (let index = 0; index < 30; index++)
        before.push(...(await log.append(`task/${index % 3}`, manyParked(10), 'any')))
      before.push(...(await log.append('task/long', [parked('☂'.repeat(5_000))], 'no-stream')))
      await log.close()
      const again = await reopen()
      try {
        assert.deepEqual(await all(again.read()), before)
        const first = before.filter(({ stream }) => stream === 'task/0')
        assert.deepEqual(await all(again.readStream('task/0')), first)
      } finally {
        await again.close()
      }
    },
  },
  {
    name: 'a log that is open twice is one log',
    check: async ({ log, reopen }) => {
      const other = await reopen()
      try {
        const following = meanwhile(take(other.subscribe(), 40))
        const writer = async (target: EventLog, stream: string): Promise<void> => {
          for (let version = 0; version < 20; version++)
            await target.append(stream, [parked(version)], version)
        }
        await Promise.all([writer(log, 'task/a'), writer(other, 'task/b')])
        assert.deepEqual(await following, await all(log.read()))
        const stale = other.append('task/a', [parked('stale')], 'no-stream')
        await assert.rejects(stale, (error) => isCoppiceError(error, 'version-conflict'))
      } finally {
        await other.close()
      }
    },
  },
]
