import assert from 'node:assert/strict'
import { isCoppiceError, type EventLog } from '@coppice/core'
import type { ContractCheck, ReopenableLog } from './contract-case.js'
import { all, manyParked, parked, take } from './facts.js'

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
    name: 'a log that is open twice is one log',
    check: async ({ log, reopen }) => {
      const other = await reopen()
      try {
        const following = take(other.subscribe(), 40)
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
