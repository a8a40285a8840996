import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { ContractCheck } from './contract-case.js'
import { manyParked, parked, reasonsOf } from './facts.js'
import { all, meanwhile, take, unstalled } from './reading.js'

const COUNT = 100

export const subscriptionCases: readonly ContractCheck[] = [
  {
    name: 'a subscription gives what is there and then what comes, without gaps or doubles',
    check: async ({ log }) => {
      await log.append('task/a', manyParked(COUNT), 'any')
      const following = meanwhile(take(log.subscribe(), 2 * COUNT))
      for (let index = 0; index < COUNT; index++) await log.append('task/b', [parked(index)], 'any')
      assert.deepEqual(await following, await all(log.read()))
    },
  },
  {
    name: 'subscriptions from different positions, begun while appends go on, all see everything from there',
    check: async ({ log }) => {
      const appends: Promise<unknown>[] = []
      const followings: Promise<void>[] = []
      for (let index = 0; index < COUNT; index++) {
        appends.push(log.append(`task/${index % 7}`, [parked(index)], 'any'))
        if (index % 10 !== 0) continue
        const from = index + 1
        const following = take(log.subscribe(from), COUNT - index).then(async (facts) =>
          assert.deepEqual(facts, await all(log.read(from))),
        )
        followings.push(meanwhile(following))
        await turn()
      }
      await Promise.all(appends)
      await Promise.all(followings)
    },
  },
  {
    name: 'a subscription from a position that is still to come waits for it',
    check: async ({ log }) => {
      const following = meanwhile(take(log.subscribe(4), 2))
      for (let index = 1; index <= 5; index++) await log.append('task/a', [parked(index)], 'any')
      assert.deepEqual(reasonsOf(await following), ['4', '5'])
    },
  },
  {
    name: 'a subscriber that is slow misses nothing',
    check: async ({ log }) => {
      const appending = async (): Promise<void> => {
        for (let index = 0; index < COUNT; index++) await log.append('task/a', [parked(index)], 'any')
      }
      const reasons: (string | null)[] = []
      const reading = async (): Promise<void> => {
        for await (const fact of unstalled(log.subscribe(), `${COUNT} facts in all`)) {
          reasons.push(...reasonsOf([fact]))
          if (reasons.length === COUNT) break
          await turn()
        }
      }
      await Promise.all([appending(), reading()])
      assert.deepEqual(
        reasons,
        manyParked(COUNT).map(({ data }) => data.reason),
      )
    },
  },
  {
    name: 'aborting ends a subscription that waits, and one that is being read',
    check: async ({ log }) => {
      await log.append('task/a', manyParked(3), 'any')
      const waiting = new AbortController()
      const following = meanwhile(all(log.subscribe(4, waiting.signal)))
      await turn()
      waiting.abort()
      assert.deepEqual(await following, [])

      const reading = new AbortController()
      const seen: number[] = []
      for await (const fact of log.subscribe(1, reading.signal)) {
        seen.push(fact.sequence)
        reading.abort()
      }
      assert.deepEqual(seen, [1])
      assert.deepEqual(await all(log.subscribe(1, AbortSignal.abort())), [])
    },
  },
  {
    name: 'a subscription that waits ends when its reader stops',
    check: async ({ log }) => {
      await log.append('task/a', [parked('only')], 'any')
      const facts = log.subscribe()[Symbol.asyncIterator]()
      assert.deepEqual(reasonsOf([(await facts.next()).value]), ['only'])
      const waiting = facts.next()
      await turn()
      await facts.return?.()
      assert.equal((await waiting).done, true)
      assert.equal((await facts.next()).done, true)
    },
  },
  {
    name: 'closing the log ends its subscriptions',
    check: async ({ log }) => {
      const followings = meanwhile(
        Promise.all([all(log.subscribe()), all(log.subscribe(5, new AbortController().signal))]),
      )
      await turn()
      await log.close()
      assert.deepEqual(await followings, [[], []])
    },
  },
]
