import assert from 'node:assert/strict'
import type { ContractCheck } from './contract-case.js'
import { manyParked, parked } from './facts.js'
import { all } from './reading.js'

/** Facts of one append, more than a page of anything. */
const MANY = 250

/** Characters of one text: as much as a failed verification may print. */
const LONG = 20_000

export const sizeCases: readonly ContractCheck[] = [
  {
    name: 'a long text is kept to its last character',
    check: async ({ log }) => {
      const text = `${'☂'.repeat(LONG)}.`
      const recorded = await log.append('task/a', [parked(text), parked('behind it')], 'no-stream')
      assert.deepEqual(recorded[0]?.data, { reason: text })
      assert.deepEqual(await all(log.read()), recorded)
      assert.deepEqual(await all(log.readStream('task/a')), recorded)
    },
  },
  {
    name: 'an append of many facts is kept to its last one',
    check: async ({ log }) => {
      const recorded = await log.append('task/a', manyParked(MANY), 'no-stream')
      assert.equal(recorded.length, MANY)
      assert.deepEqual(await all(log.read()), recorded)
      assert.deepEqual(await all(log.readStream('task/a')), recorded)
    },
  },
]
