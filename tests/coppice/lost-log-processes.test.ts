import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { streamOf, type FactOf } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { openCoppice, startNewLog } from 'coppice'
import { beforeEach, expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { logFile } from '../helpers/damaged-log.js'
import { listing } from '../helpers/listing.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { damageLog, loseLog } from './helpers/every-status.js'

let user: TestRepository

beforeEach(() => {
  user = makeRepository()
  useEnvironment(user.env)
})

test.each<[string, () => void]>([
  ['was deleted', () => loseLog(user)],
  ['was damaged, and is kept', () => damageLog(user, 600)],
])('whoever has a log open that %s writes nothing any more', async (_, lose) => {
  await using old = await openCoppice({ repo: user.path })
  const task = await old.create({ id: 'a' })
  await task.checkpoint()
  await task.park()
  await task.resume()
  lose()
  await startNewLog({ repo: user.path })
  const before = listing(join(user.path, '.git/coppice/log'))
  await expect(task.park()).rejects.toMatchObject({ code: 'log-corrupt' })
  await expect(old.create({ id: 'b' })).rejects.toMatchObject({ code: 'log-corrupt' })
  expect(listing(join(user.path, '.git/coppice/log'))).toEqual(before)
  expect(existsSync(task.path)).toBe(true)
})

test('no new log begins while an agent is waited for', async () => {
  await using coppice = await openCoppice({ repo: user.path })
  const task = await coppice.create({ id: 'a' })
  const running = task.run(['sh', '-c', 'touch started; until test -e stop; do sleep 0.05; done'])
  await expect.poll(() => existsSync(join(task.path, 'started'))).toBe(true)
  const whole = readFileSync(logFile(user))
  damageLog(user, 500)
  await expect(startNewLog({ repo: user.path })).rejects.toMatchObject({ code: 'task-busy', task: 'a' })
  writeFileSync(logFile(user), whole)
  writeFileSync(join(task.path, 'stop'), '')
  await running
})

test('two at once begin one log', async () => {
  const coppice = await openCoppice({ repo: user.path })
  await coppice.create({ id: 'a' })
  await coppice.close()
  loseLog(user)
  const both = await Promise.all([1, 2].map(() => startNewLog({ repo: user.path })))
  expect(both.filter(({ isNeeded }) => isNeeded)).toHaveLength(1)
  await using again = await openCoppice({ repo: user.path })
  expect(again.position).toBe(1)
})

test('whatever is acknowledged until a new log takes over is known to it', async () => {
  const old = await openCoppice({ repo: user.path })
  await old.create({ id: 'a' })
  const requested = (await old.events().next()).value
  const log = await openFileLog(join(user.path, '.git/coppice'))
  const acknowledged: string[] = []
  const work = async (): Promise<void> => {
    const id = `more-${acknowledged.length + 1}`
    await log.append(streamOf(id), [requested as FactOf<'task.requested'>], 'no-stream')
    acknowledged.push(id)
  }
  await work()
  damageLog(user, 600)
  const working = (async () => {
    for (;;) {
      await work()
      await sleep(5)
    }
  })()
  const ended = working.catch((error: unknown) => error)
  const { gone, tasks } = await startNewLog({ repo: user.path })
  expect(await ended).toMatchObject({ code: 'log-corrupt' })
  expect(acknowledged.length).toBeGreaterThan(1)
  // Only the old log can tell of them.
  const known = new Set([...gone, ...tasks.map(({ id }) => id)])
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
  await Promise.all([log.close(), old.close()])
})
