import { readFileSync, statSync, truncateSync } from 'node:fs'
import { isCoppiceError } from '@coppice/core'
import { LogReadOnlyError, LogSyncError, LogWriteError, openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { errorOf } from './helpers/errors.js'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { EIO, ENOSPC, FailingDisk } from './helpers/failing-disk.js'
import { filesOf, segmentPath } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

it('goes on after short writes until all is written', async () => {
  const io = new FailingDisk()
  const log = await openFileLog(temporaryDirectory(), { disk: io.disk })
  io.shortWrites = true
  const recorded = await log.append('task/a', manyParked(20), 'any')
  expect(await factsOf(log)).toEqual(recorded)
  await log.close()
})

it('acknowledges what fitted on a full disk, refuses the rest with the cause, and goes on once there is room', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(3_000), fc.array(fc.nat(4), { maxLength: 8 }), async (room, counts) => {
      const directory = temporaryDirectory()
      const io = new FailingDisk()
      const log = await openFileLog(directory, { disk: io.disk })
      const first = await log.append('task/first', [parked('first')], 'any')
      io.room = room
      const results = await Promise.allSettled(
        counts.map((count, index) => log.append(`task/${index % 2}`, manyParked(count), 'any')),
      )
      const landed = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      for (const result of results) {
        if (result.status === 'fulfilled') continue
        expect(result.reason).toBeInstanceOf(LogWriteError)
        expect(result.reason).toMatchObject({ code: 'log-write-failed', cause: ENOSPC })
      }
      expect(await factsOf(log)).toEqual([...first, ...landed])

      io.room = Number.POSITIVE_INFINITY
      const after = await log.append('task/after', [parked('after')], 'no-stream')
      expect(await factsOf(await openFileLog(directory))).toEqual([...first, ...landed, ...after])
      await log.close()
    }),
    { numRuns: 100 },
  )
})

it.each([
  { before: 4, missing: 2, landed: false },
  { before: 4, missing: 1, landed: true },
  { before: 4, missing: 0, landed: true },
  { before: 3, missing: 1, landed: false },
])(
  'tells the truth of an append that lacks $missing bytes behind $before others, of which only 4 have room reserved',
  async ({ before, missing, landed }) => {
    const directory = temporaryDirectory()
    const io = new FailingDisk()
    const log = await openFileLog(directory, { disk: io.disk })
    for (let version = 0; version < before; version++) await log.append('task/a', [parked(version)], version)
    const lines = readFileSync(segmentPath(directory), 'latin1').trimEnd().split('\n')
    io.room = (lines.at(-1) ?? '').length + 1 - missing
    const refusal = await errorOf(log.append('task/a', [parked(before)], before))
    expect(refusal === null).toBe(landed)
    expect(await factsOf(await openFileLog(directory))).toHaveLength(landed ? before + 1 : before)
    await log.close()
  },
)

it('calls an append that lost against one that was not written a failure, not a conflict', async () => {
  const io = new FailingDisk()
  const log = await openFileLog(temporaryDirectory(), { disk: io.disk })
  await log.append('task/a', [parked(1)], 'any')
  io.room = 0
  const racing = [1, 1, 0].map((expected) => log.append('task/a', [parked(2)], expected))
  for (const result of await Promise.allSettled(racing)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'log-write-failed' } })
  }
  io.room = Number.POSITIVE_INFINITY
  expect(await log.append('task/a', [parked(2)], 1)).toHaveLength(1)
  await log.close()
})

it('refuses what it could not sync, never tries that sync again, and goes on in a new segment', async () => {
  const directory = temporaryDirectory()
  const io = new FailingDisk()
  const log = await openFileLog(directory, { disk: io.disk })
  const first = await log.append('task/a', [parked(1)], 'any')
  io.failingSyncs = 1
  const pending = Array.from({ length: 5 }, (_, index) => log.append('task/a', [parked(index)], 'any'))
  for (const result of await Promise.allSettled(pending)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'log-sync-failed', cause: EIO } })
    expect((result as PromiseRejectedResult).reason).toBeInstanceOf(LogSyncError)
  }
  expect(await factsOf(log)).toEqual(first)

  const second = await log.append('task/a', [parked(2)], 1)
  expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl', '00000002.jsonl'])
  expect(await factsOf(log)).toEqual([...first, ...second])
  await log.close()
  const again = await openFileLog(directory)
  expect(await factsOf(again)).toEqual([...first, ...second])
  expect(await again.append('task/a', [parked(3)], 2)).toHaveLength(1)
  await again.close()
  // The refused appends are where they were, behind the end that the next segment says.
  expect(filesOf(directory)['00000001.jsonl']!.split('"task.parked"').length - 1).toBeGreaterThan(1)
})

it('goes on in another process where a sync failed in one', async () => {
  const directory = temporaryDirectory()
  const io = new FailingDisk()
  const log = await openFileLog(directory, { disk: io.disk })
  const other = await openFileLog(directory)
  await log.append('task/a', [parked(1)], 'any')
  await other.append('task/b', [parked(2)], 'any')
  io.failingSyncs = 2
  await expect(log.append('task/a', [parked('refused')], 'any')).rejects.toBeInstanceOf(LogReadOnlyError)
  io.failingSyncs = 1
  await expect(log.append('task/a', [parked('refused')], 'any')).rejects.toBeInstanceOf(LogReadOnlyError)
  await other.append('task/b', [parked(3)], 1)
  expect((await factsOf(other)).at(-1)).toMatchObject({ stream: 'task/b', version: 2 })
  await Promise.all([log.close(), other.close()])
})

it('turns read-only when the new segment cannot be made either', async () => {
  const directory = temporaryDirectory()
  const io = new FailingDisk()
  const log = await openFileLog(directory, { disk: io.disk })
  await log.append('task/a', [parked(1)], 'any')
  io.failingSyncs = 2
  const error: unknown = await log.append('task/a', [parked(2)], 'any').catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LogReadOnlyError)
  expect(isCoppiceError(error, 'log-read-only')).toBe(true)
  expect(error).toMatchObject({ cause: { errors: [EIO, EIO] } })
  const { syncs } = io
  await expect(log.append('task/a', [parked(4)], 'any')).rejects.toBe(error)
  expect(io.syncs).toBe(syncs)
  expect((await factsOf(log))[0]).toMatchObject({ sequence: 1 })
  await log.close()
})

it('turns read-only when what was acknowledged is gone after a failed sync', async () => {
  const directory = temporaryDirectory()
  const io = new FailingDisk()
  const log = await openFileLog(directory, { disk: io.disk })
  await log.append('task/a', [parked(1)], 'any')
  const { size } = statSync(segmentPath(directory))
  await log.append('task/a', [parked(2)], 'any')
  io.failingSyncs = 1
  io.beforeSync = () => truncateSync(segmentPath(directory), size)
  const refused = log.append('task/a', [parked(3)], 'any')
  await expect(refused).rejects.toMatchObject({
    code: 'log-read-only',
    cause: { errors: [EIO, { code: 'log-corrupt', offset: size }] },
  })
  expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl'])
  await log.close()
})

it('syncs a full segment before it begins the next one, whoever wrote its end', async () => {
  const directory = temporaryDirectory()
  const other = await openFileLog(directory)
  await other.append('task/a', [parked(1)], 'any')
  const io = new FailingDisk()
  const log = await openFileLog(directory, { disk: io.disk, segmentBytes: 1 })
  io.failingSyncs = 1
  await expect(log.append('task/a', [parked(2)], 'any')).rejects.toMatchObject({ code: 'log-read-only' })
  expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl'])
  await Promise.all([log.close(), other.close()])
})

it('shares one sync among the appends that wait for one', async () => {
  const io = new FailingDisk()
  const log = await openFileLog(temporaryDirectory(), { disk: io.disk })
  await log.append('task/a', [parked('first')], 'any')
  const { syncs } = io
  await Promise.all(
    Array.from({ length: 64 }, (_, index) => log.append(`task/${index}`, [parked(index)], 'any')),
  )
  expect(io.syncs - syncs).toBeLessThanOrEqual(2)
  await log.close()
})
