import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { isCoppiceError } from '@coppice/core'
import type { ContractCheck } from './contract-case.js'
import { manyParked, parked } from './facts.js'
import { all } from './reading.js'

const RACERS = 64

/** Facts of an append that is to be seen whole. */
const SIZE = 7

/** Appends that go on while somebody reads. */
const APPENDS = 20

/** Times that somebody reads meanwhile, at most. */
const MAX_READS = 1_000

export const raceCases: readonly ContractCheck[] = [
  {
    name: 'of appends that race for one version exactly one wins, and the others learn the new version',
    check: async ({ log }) => {
      for (let round = 0; round < 5; round++) {
        const racing = Array.from({ length: RACERS }, (_, index) =>
          log.append('task/a', [parked(index)], round),
        )
        const results = await Promise.allSettled(racing)
        const lost = results.filter((result) => result.status === 'rejected')
        assert.equal(lost.length, RACERS - 1)
        for (const { reason } of lost) {
          assert.ok(isCoppiceError(reason, 'version-conflict'))
          assert.equal((reason as unknown as { actual: number }).actual, round + 1)
        }
      }
      assert.equal((await all(log.read())).length, 5)
    },
  },
  {
    name: 'parallel appends to several streams are all there, each one whole and in one piece',
    check: async ({ log }) => {
      const appends = Array.from({ length: RACERS }, (_, index) =>
        log.append(`task/${index % 8}`, manyParked((index % 4) + 1, `${index}-`), 'any'),
      )
      const recorded = await Promise.all(appends)
      const facts = await all(log.read())
      assert.equal(facts.length, recorded.flat().length)
      for (const append of recorded) {
        const first = append[0]?.sequence ?? 0
        assert.deepEqual(facts.slice(first - 1, first - 1 + append.length), append)
      }
      const versions = new Map<string, number>()
      for (const { stream, version } of facts) {
        assert.equal(version, (versions.get(stream) ?? 0) + 1)
        versions.set(stream, version)
      }
    },
  },
  {
    name: 'whoever reads while appends go on sees all of an append or nothing of it',
    check: async ({ log }) => {
      const progress = { isOver: false }
      const appending = async (): Promise<void> => {
        try {
          for (let index = 0; index < APPENDS; index++) await log.append('task/a', manyParked(SIZE), 'any')
        } finally {
          progress.isOver = true
        }
      }
      const reading = async (): Promise<void> => {
        // Where an append never ends, the reading does.
        for (let read = 0; !progress.isOver && read < MAX_READS; read++) {
          for (const { length } of [await all(log.read()), await all(log.readStream('task/a'))])
            assert.equal(length % SIZE, 0, `${length} facts, by ${SIZE} an append`)
          await turn()
        }
      }
      await Promise.all([appending(), reading()])
    },
  },
  {
    name: 'an acknowledged fact is there for whoever reads next, whatever else goes on',
    check: async ({ log }) => {
      const writer = async (stream: string): Promise<void> => {
        for (let version = 0; version < 20; version++) {
          const [recorded] = await log.append(stream, [parked(version)], version)
          assert.ok(recorded !== undefined)
          const [read] = await all(log.read(recorded.sequence))
          assert.deepEqual(read, recorded)
        }
      }
      await Promise.all(Array.from({ length: 8 }, (_, index) => writer(`task/${index}`)))
    },
  },
]
