import assert from 'node:assert/strict'
import { isCoppiceError, type ExpectedVersion, type VersionConflictError } from '@coppice/core'
import type { ContractCheck } from './contract-case.js'
import { manyParked, parked, reasonsOf } from './facts.js'
import { all } from './reading.js'

export const appendCases: readonly ContractCheck[] = [
  {
    name: 'an append answers with its facts, numbered in the log and in their stream',
    check: async ({ log }) => {
      await log.append('task/a', manyParked(2), 'no-stream')
      const recorded = await log.append('task/b', manyParked(2), 'no-stream')
      assert.deepEqual(
        recorded.map(({ stream, sequence, version }) => ({ stream, sequence, version })),
        [
          { stream: 'task/b', sequence: 3, version: 1 },
          { stream: 'task/b', sequence: 4, version: 2 },
        ],
      )
    },
  },
  {
    name: 'what an append answers is what a reader gets',
    check: async ({ log }) => {
      const facts = [...manyParked(3), parked('quotes " and \\, \n, ☂, 𝄞, \u0000 and \ud800')]
      const recorded = await log.append('task/a', facts, 'any')
      assert.deepEqual(await all(log.read()), recorded)
      assert.deepEqual(
        recorded.map(({ type, at, data }) => ({ type, at, data })),
        facts,
      )
    },
  },
  {
    name: 'changing a fact that an append or a reader got does not change the log',
    check: async ({ log }) => {
      for (const fact of await log.append('task/a', [parked('as it was')], 'any'))
        Object.assign(fact.data, { reason: 'x' })
      for await (const fact of log.read()) Object.assign(fact.data, { reason: 'y' })
      assert.deepEqual(reasonsOf(await all(log.read())), ['as it was'])
    },
  },
  {
    name: 'changing a fact after it was given to an append does not change the log',
    check: async ({ log }) => {
      const data = { reason: 'before' }
      const append = log.append('task/a', [{ ...parked(''), data }], 'any')
      data.reason = 'after'
      await append
      assert.deepEqual(reasonsOf(await all(log.read())), ['before'])
    },
  },
  {
    name: 'an append of no facts adds nothing, but its expectation is checked',
    check: async ({ log }) => {
      assert.deepEqual(await log.append('task/a', [], 'no-stream'), [])
      await assert.rejects(log.append('task/a', [], 1), (error) => isCoppiceError(error, 'version-conflict'))
      assert.deepEqual(await all(log.read()), [])
    },
  },
  {
    name: 'an append whose expectation holds is taken',
    check: async ({ log }) => {
      const expectations: ExpectedVersion[] = ['no-stream', 1, 'any', 3]
      for (const expected of expectations) await log.append('task/a', [parked('')], expected)
      await log.append('task/b', [parked('')], 0)
      assert.equal((await all(log.read())).length, 5)
    },
  },
  {
    name: 'an append whose expectation does not hold is refused whole, with both versions',
    check: async ({ log }) => {
      await log.append('task/a', manyParked(2), 'no-stream')
      const expectations: ExpectedVersion[] = ['no-stream', 0, 1, 3]
      for (const expected of expectations) {
        await assert.rejects(log.append('task/a', manyParked(2), expected), (error) => {
          assert.ok(isCoppiceError(error, 'version-conflict'))
          const conflict = error as VersionConflictError
          assert.deepEqual([conflict.stream, conflict.expected, conflict.actual], ['task/a', expected, 2])
          return true
        })
      }
      assert.equal((await all(log.read())).length, 2)
    },
  },
  {
    name: 'every record has a hash of its own, also where the facts are the same',
    check: async ({ log }) => {
      await log.append('task/a', [parked(1), parked(1)], 'any')
      await log.append('task/b', [parked(1)], 'any')
      const hashes = new Set((await all(log.read())).map(({ hash }) => hash))
      assert.equal(hashes.size, 3)
    },
  },
]
