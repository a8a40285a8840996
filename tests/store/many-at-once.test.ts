import type { EventLog } from '@coppice/core'
import { openFileLog, systemDisk, type Disk } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { FailingDisk } from './helpers/failing-disk.js'
import { temporaryDirectory } from './helpers/temporary.js'

// So many appends at once are not written as one group: the second half is prepared while the first is being synced.
const MANY = 600

interface Append {
  readonly stream: number
  readonly count: number
}

/** Streams and sizes, as they come about by two steps. */
const shape = fc.record({
  length: fc.integer({ min: MANY, max: 900 }),
  streams: fc.integer({ min: 1, max: 40 }),
  step: fc.nat(100),
  growth: fc.nat(100),
})

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

function appendsOf({ length, streams, step, growth }: Shape): Append[] {
  return Array.from({ length }, (_, index) => ({
    stream: (index * step) % streams,
    count: 1 + ((index * growth) % 3),
  }))
}

/** Does all of them at once, each at the version that those before it make of its stream. */
function appendAll(log: EventLog, all: readonly Append[]): Promise<unknown>[] {
  const versions = new Map<number, number>()
  return all.map(({ stream, count }) => {
    const version = versions.get(stream) ?? 0
    versions.set(stream, version + count)
    return log.append(`task/${stream}`, manyParked(count), version)
  })
}

it('is in the log in the order in which it was asked for, each at its version', async () => {
  await fc.assert(
    fc.asyncProperty(shape, async (some) => {
      const log = await openFileLog(temporaryDirectory(), { segmentBytes: 100_000 })
      const answers = (await Promise.all(appendAll(log, appendsOf(some)))).flat()
      expect(await factsOf(log)).toEqual(answers)
      await log.close()
    }),
    { numRuns: 20 },
  )
})

it('is acknowledged where it landed and refused where not, whenever the disk is full or a sync fails', async () => {
  await fc.assert(
    fc.asyncProperty(shape, fc.nat(400_000), fc.nat(3), fc.nat(2), async (some, room, good, failing) => {
      const directory = temporaryDirectory()
      const io = new FailingDisk()
      const log = await openFileLog(directory, { disk: io.disk })
      const first = await log.append('task/first', [parked('first')], 'any')
      io.room = room
      let syncs = 0
      io.beforeSync = () => {
        syncs += 1
        if (syncs === good) io.failingSyncs = failing
      }
      const results = await Promise.allSettled(appendAll(log, appendsOf(some)))
      io.failingSyncs = 0
      const landed = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      const refused = results.filter((result) => result.status === 'rejected')
      const codes = refused.map(({ reason }) => codeOf(reason))
      // Who builds upon what was refused and comes in a later group finds that it is not there.
      const known = new Set(['log-write-failed', 'log-sync-failed', 'log-read-only', 'version-conflict'])
      expect(codes.filter((code) => !known.has(code))).toEqual([])
      const facts = await factsOf(await openFileLog(directory))
      const acknowledged = [...first, ...landed]
      // A log that has turned read-only leaves open whether what it refused is there.
      const expected = codes.includes('log-read-only') ? facts.slice(0, acknowledged.length) : facts
      expect(expected).toEqual(acknowledged)

      io.room = Number.POSITIVE_INFINITY
      const later = await openFileLog(directory)
      const after = await later.append('task/after', [parked('after')], 'no-stream')
      expect(await factsOf(later)).toEqual([...facts, ...after])
      await Promise.all([log.close(), later.close()])
    }),
    { numRuns: 30 },
  )
})

/** A disk on which something is done every time before the append lock is taken. */
function diskBeforeLock(before: (count: number) => Promise<unknown>): Disk {
  let locks = 0
  return {
    ...systemDisk,
    lockAt(path, use) {
      const lock = systemDisk.lockAt(path, use)
      return {
        tryLock: () => lock.tryLock(),
        unlock: () => lock.unlock(),
        close: () => lock.close(),
        async lock() {
          locks += 1
          await before(locks)
          await lock.lock()
        },
      }
    },
  }
}

it('finds its place where another one appends in between', async () => {
  const directory = temporaryDirectory()
  const other = await openFileLog(directory)
  const disk = diskBeforeLock((count) =>
    count === 2 ? other.append('task/3', [parked('between')], 'any') : Promise.resolve(),
  )
  const log = await openFileLog(directory, { disk })
  const appending = Array.from({ length: MANY }, (_, index) =>
    log.append(`task/${index % 7}`, [parked(index)], 'any'),
  )
  await Promise.all(appending)
  const facts = await factsOf(await openFileLog(directory))
  expect(facts).toHaveLength(MANY + 1)
  expect(facts[MANY / 2]).toMatchObject({ data: { reason: 'between' } })
  const versions = facts.filter(({ stream }) => stream === 'task/3').map(({ version }) => version)
  expect(versions).toEqual(versions.map((_, index) => index + 1))
  await Promise.all([log.close(), other.close()])
})

it('is forgotten once it is refused, however far it was prepared', async () => {
  const disk = diskBeforeLock(async (count) => {
    if (count === 2) throw new Error('no more locks')
  })
  const log = await openFileLog(temporaryDirectory(), { disk })
  const results = await Promise.allSettled(
    Array.from({ length: MANY }, (_, index) => log.append(`task/${index}`, [parked(index)], 'no-stream')),
  )
  const landed = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  expect(landed).toHaveLength(MANY / 2)
  const after = await log.append('task/after', [parked('after')], 'no-stream')
  expect(await factsOf(log)).toEqual([...landed, ...after])
  await log.close()
})
