import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { expectRefused, expectRepaired } from './helpers/drift.js'
import { editedTask } from './helpers/edited.js'
import type { World } from './helpers/world.js'

/** Seconds since the machine was started, as far as the engine is told. */
const UPTIME = 4
const LONG_UPTIME = 1_000
let uptime = UPTIME

vi.mock(import('node:os'), async (original) => ({ ...(await original()), uptime: () => uptime }))

beforeEach(() => {
  uptime = UPTIME
})

function lockOf({ repository }: World, name: string, secondsAgo: number): string {
  const lock = join(repository.commonDir, name)
  mkdirSync(dirname(lock), { recursive: true })
  writeFileSync(lock, '')
  const when = new Date(Date.now() - secondsAgo * 1_000)
  utimesSync(lock, when, when)
  return lock
}

test('locks on a ref that are older than the boot are in nobody’s way, however young', async () => {
  const { world } = await editedTask()
  world.user.git('pack-refs', '--all')
  const names = ['refs/heads/coppice/fix.lock', 'packed-refs.lock', 'packed-refs.new']
  const locks = names.map((name) => lockOf(world, name, UPTIME + 2))
  await world.engine.command('fix', ABANDON)
  expect(world.problems).toEqual([])
  expect(world.user.git('branch', '--list', 'coppice/fix')).toBe('')
  expect(locks.filter((lock) => existsSync(lock))).toEqual([])
})

test('a lock on a ref that is younger than the boot stays', async () => {
  uptime = LONG_UPTIME
  const { world } = await editedTask()
  const lock = lockOf(world, 'refs/heads/coppice/fix.lock', 2)
  await world.engine.command('fix', ABANDON)
  expect(world.problems).toHaveLength(1)
  expect(existsSync(lock)).toBe(true)
})

test('an index.lock that is older than the boot is set aside by a repair, however young', async () => {
  const { world } = await editedTask()
  const lock = lockOf(world, 'index.lock', UPTIME + 2)
  await expectRepaired(world, 'lock-stale')
  expect(existsSync(lock)).toBe(false)
})

test('an index.lock that is younger is left', async () => {
  uptime = LONG_UPTIME
  const { world } = await editedTask()
  lockOf(world, 'index.lock', 2)
  expect(await expectRefused(world, 'lock-held')).toMatchObject({
    subject: expect.stringContaining('index.lock'),
  })
})
