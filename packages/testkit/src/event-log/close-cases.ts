import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { isCoppiceError } from '@coppice/core'
import type { ContractCheck } from './contract-case.js'
import { parked } from './facts.js'

export const closeCases: readonly ContractCheck[] = [
  {
    name: 'closing waits for the appends that are under way',
    check: async ({ log }) => {
      let acknowledged = 0
      const appends = Array.from({ length: 20 }, async (_, index) => {
        await log.append(`task/${index}`, [parked(index)], 'no-stream')
        acknowledged += 1
      })
      await log.close()
      await turn()
      assert.equal(acknowledged, 20)
      await Promise.all(appends)
    },
  },
  {
    name: 'appends to a closed log are refused, and closing again does nothing',
    check: async ({ log }) => {
      await log.close()
      await log.close()
      await assert.rejects(log.append('task/a', [parked(1)], 'any'), (error) =>
        isCoppiceError(error, 'log-closed'),
      )
    },
  },
]
