import assert from 'node:assert/strict'
import type { ContractCheck } from './contract-case.js'
import { manyParked, parked, reasonsOf } from './facts.js'
import { all, take } from './reading.js'

const COUNT = 50

export const readCases: readonly ContractCheck[] = [
  {
    name: 'an empty log has nothing to read',
    check: async ({ log }) => {
      assert.deepEqual(await all(log.read()), [])
      assert.deepEqual(await all(log.read(7)), [])
      assert.deepEqual(await all(log.readStream('task/a')), [])
    },
  },
  {
    name: 'facts are read in the order of their appends, without a gap',
    check: async ({ log }) => {
      for (let index = 0; index < COUNT; index++)
        await log.append(`task/${index % 3}`, [parked(index)], 'any')
      const facts = await all(log.read())
      assert.deepEqual(reasonsOf(facts), reasonsOf(await all(log.read(1))))
      assert.deepEqual(
        facts.map(({ sequence }) => sequence),
        Array.from({ length: COUNT }, (_, index) => index + 1),
      )
      assert.deepEqual(
        reasonsOf(facts),
        manyParked(COUNT).map(({ data }) => data.reason),
      )
    },
  },
  {
    name: 'reading from any position gives the rest from there on',
    check: async ({ log }) => {
      for (let index = 0; index < COUNT; index += 5) await log.append('task/a', manyParked(5), 'any')
      const facts = await all(log.read())
      for (let from = COUNT + 2; from >= 1; from--) {
        assert.deepEqual(await all(log.read(from)), facts.slice(from - 1), `from ${from}`)
      }
    },
  },
  {
    name: 'reading behind the end sees what was appended since',
    check: async ({ log }) => {
      for (let index = 1; index <= COUNT; index++) {
        const recorded = await log.append('task/a', [parked(index)], index - 1)
        assert.deepEqual(await all(log.read(index)), recorded)
        assert.deepEqual(await all(log.read(index + 1)), [])
      }
    },
  },
  {
    name: 'a reader may stop early and read again',
    check: async ({ log }) => {
      await log.append('task/a', manyParked(COUNT), 'any')
      assert.deepEqual(reasonsOf(await take(log.read(), 2)), ['0', '1'])
      assert.equal((await all(log.read())).length, COUNT)
    },
  },
  {
    name: 'a stream is read alone, its versions rising by one',
    check: async ({ log }) => {
      for (let index = 0; index < COUNT; index++) {
        await log.append(`task/${index % 5}`, manyParked(2, `${index}-`), 'any')
      }
      const facts = await all(log.readStream('task/3'))
      assert.ok(facts.every(({ stream }) => stream === 'task/3'))
      assert.deepEqual(
        facts.map(({ version }) => version),
        Array.from({ length: (COUNT / 5) * 2 }, (_, index) => index + 1),
      )
      assert.deepEqual(await all(log.readStream('task/none')), [])
    },
  },
  {
    name: 'a stream whose name begins with the name of another is another stream',
    check: async ({ log }) => {
      const one = await log.append('task/1', [parked('of 1')], 'no-stream')
      const ten = await log.append('task/10', [parked('of 10')], 'no-stream')
      assert.deepEqual(await all(log.readStream('task/1')), one)
      assert.deepEqual(await all(log.readStream('task/10')), ten)
      assert.deepEqual(await all(log.readStream('task/')), [])
    },
  },
]
