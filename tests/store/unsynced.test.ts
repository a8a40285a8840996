import { openFileLog } from '@coppice/store'
import { expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf, parked } from './helpers/facts.js'
import { EIO, FailingDisk } from './helpers/failing-disk.js'
import { filesOf } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

it('lets a reader see only what it could make durable, since another process may have died before its sync', async () => {
  const directory = temporaryDirectory()
  const writer = await openFileLog(directory)
  await writer.append('task/a', [parked(1)], 'any')
  const io = new FailingDisk()
  const reader = await openFileLog(directory, { disk: io.disk })
  io.failingSyncs = 1
  await expect(factsOf(reader)).rejects.toMatchObject({ code: 'log-read-failed', cause: EIO })
  const before = filesOf(directory)
  let written = ''
  io.beforeSync = () => (written = io.written)
  expect(await factsOf(reader)).toHaveLength(1)
  // A second sync alone could succeed without having written anything.
  expect(JSON.parse(written)).toMatchObject({ seq: 1, data: { reason: '1' } })
  expect(filesOf(directory)).toEqual(before)
  await writer.close()
})

it('writes again what it has only read before it appends behind it', async () => {
  const directory = temporaryDirectory()
  const writer = await openFileLog(directory)
  await writer.append('task/a', [parked(1)], 'any')
  const io = new FailingDisk()
  const log = await openFileLog(directory, { disk: io.disk })
  expect(await factsOf(log)).toHaveLength(1)
  const writes: string[] = []
  io.beforeSync = () => writes.push(io.written.slice(0, 14))

  await log.append('task/a', [parked(2)], 1)

  expect(writes).toEqual(['{"v":2,"seq":1', '{"v":2,"seq":2'])
  await Promise.all([writer.close(), log.close()])
})

it('passes on nothing of a writer that takes long, and then refuses it', async () => {
  const directory = temporaryDirectory()
  const io = new FailingDisk()
  const slow = await openFileLog(directory, { disk: io.disk })
  const log = await openFileLog(directory)
  await log.append('task/a', [parked(1)], 'any')
  let fail: () => void = () => undefined
  // The first one is of what the other has written.
  io.duringSync = () =>
    io.syncs === 1 ? Promise.resolve() : new Promise((_, reject) => (fail = () => reject(EIO)))
  const refused = slow.append('task/b', [parked(2)], 'any').catch(codeOf)
  await expect.poll(() => io.syncs).toBe(2)
  expect(await Promise.all(Array.from({ length: 20 }, () => factsOf(log)))).toEqual(
    Array.from({ length: 20 }, () => [expect.objectContaining({ sequence: 1 })]),
  )
  io.duringSync = async () => undefined
  fail()
  expect(await refused).toBe('log-sync-failed')

  expect(await log.append('task/a', [parked(2)], 1)).toMatchObject([{ sequence: 2 }])
  expect(await factsOf(log)).toHaveLength(2)
  await Promise.all([slow.close(), log.close()])
})
