import { writeSync } from 'node:fs'
import { isCoppiceError } from '@coppice/core'
import { LogReadOnlyError, LogWriteError, openFileLog, type LogIo } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { filesOf } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

const ENOSPC = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
const EIO = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })

/** A disk with real files, on which writes come out short and syncs fail as the test says. */
class Disk implements LogIo {
  room = Number.POSITIVE_INFINITY
  shortWrites = false
  syncFails = false
  syncs = 0

  write(fd: number, bytes: Buffer): number {
    if (this.room === 0) throw ENOSPC
    const most = this.shortWrites ? Math.ceil(bytes.length / 2) : bytes.length
    const count = writeSync(fd, bytes.subarray(0, Math.min(most, this.room)))
    this.room -= count
    return count
  }

  async fdatasync(): Promise<void> {
    this.syncs += 1
    if (this.syncFails) throw EIO
  }
}

it('goes on after short writes until all is written', async () => {
  const io = new Disk()
  const log = await openFileLog(temporaryDirectory(), { io })
  io.shortWrites = true
  const recorded = await log.append('task/a', manyParked(20), 'any')
  expect(await factsOf(log)).toEqual(recorded)
  await log.close()
})

it('acknowledges what fitted on a full disk, refuses the rest with the cause, and goes on once there is room', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(3_000), fc.array(fc.nat(4), { maxLength: 8 }), async (room, counts) => {
      const directory = temporaryDirectory()
      const io = new Disk()
      const log = await openFileLog(directory, { io })
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
      expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl'])
      await log.close()
    }),
    { numRuns: 100 },
  )
})

it('calls an append that lost against one that was not written a failure, not a conflict', async () => {
  const io = new Disk()
  const log = await openFileLog(temporaryDirectory(), { io })
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

it('writes no more after a failed sync, which it never tries again, and goes on reading', async () => {
  const directory = temporaryDirectory()
  const io = new Disk()
  const log = await openFileLog(directory, { io })
  const first = await log.append('task/a', [parked(1)], 'any')
  io.syncFails = true
  const pending = Array.from({ length: 5 }, (_, index) => log.append('task/a', [parked(index)], 'any'))
  for (const result of await Promise.allSettled(pending)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'log-read-only', cause: EIO } })
  }
  const { syncs } = io
  io.syncFails = false
  const error: unknown = await log.append('task/a', [parked(9)], 'any').catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LogReadOnlyError)
  expect(isCoppiceError(error, 'log-read-only')).toBe(true)
  expect(io.syncs).toBe(syncs)
  expect(await factsOf(log)).toEqual(first)
  await log.close()

  const again = await openFileLog(directory)
  expect(await factsOf(again)).toEqual(first)
  expect(await again.append('task/a', [parked(2)], 1)).toHaveLength(1)
  await again.close()
})

it('lets a reader see only what it could make durable, since another process may have died before its sync', async () => {
  const directory = temporaryDirectory()
  const writer = await openFileLog(directory)
  await writer.append('task/a', [parked(1)], 'any')
  const io = new Disk()
  const reader = await openFileLog(directory, { io })
  io.syncFails = true
  await expect(factsOf(reader)).rejects.toMatchObject({ code: 'log-read-failed', cause: EIO })
  io.syncFails = false
  expect(await factsOf(reader)).toHaveLength(1)
  const { syncs } = io
  expect(await factsOf(reader)).toHaveLength(1)
  expect(io.syncs).toBe(syncs)
  await writer.close()
})

it('syncs a full segment before it begins the next one, whoever wrote its end', async () => {
  const directory = temporaryDirectory()
  const other = await openFileLog(directory)
  await other.append('task/a', [parked(1)], 'any')
  const io = new Disk()
  const log = await openFileLog(directory, { io, segmentBytes: 1 })
  io.syncFails = true
  await expect(log.append('task/a', [parked(2)], 'any')).rejects.toMatchObject({ code: 'log-read-only' })
  expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl'])
  await Promise.all([log.close(), other.close()])
})

it('shares one sync among the appends that wait for one', async () => {
  const io = new Disk()
  const log = await openFileLog(temporaryDirectory(), { io })
  await log.append('task/a', [parked('first')], 'any')
  const { syncs } = io
  await Promise.all(
    Array.from({ length: 64 }, (_, index) => log.append(`task/${index}`, [parked(index)], 'any')),
  )
  expect(io.syncs - syncs).toBeLessThanOrEqual(2)
  await log.close()
})
