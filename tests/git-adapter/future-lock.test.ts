import { existsSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { ABANDON, mergeRequest } from '../core/helpers/requests.js'
import { expectRefused, expectRepaired } from './helpers/drift.js'
import { editedTask } from './helpers/edited.js'
import type { World } from './helpers/world.js'

/** Milliseconds for which a lock is left in any case, or one that only the engine makes. */
const RESTS = new Set<number | undefined>([10_000, 1_000])

let rested = 0
let meanwhile: () => void = () => undefined

// Real delays, but for those in which a lock is left alone: something else may happen in these.
vi.mock(import('node:timers/promises'), async (original) => {
  const real = await original()
  const wait: typeof real.setTimeout = (ms, value, options) => {
    if (!RESTS.has(ms)) return real.setTimeout(ms, value, options)
    rested += 1
    meanwhile()
    return real.setTimeout(0, value, options)
  }
  return { ...real, setTimeout: wait }
})

beforeEach(() => {
  rested = 0
  meanwhile = () => undefined
})

const IN_TWO_HOURS = new Date(Date.now() + 7_200_000)

/** A lock that was left before the clock was set back. */
function leaveLock({ repository }: World, name: string): string {
  const lock = join(repository.commonDir, name)
  writeFileSync(lock, '')
  utimesSync(lock, IN_TWO_HOURS, IN_TWO_HOURS)
  return lock
}

test('a lock from the future that stays as it is while nobody can be holding it is in nobody’s way', async () => {
  const { world } = await editedTask()
  const lock = leaveLock(world, 'refs/heads/coppice/fix.lock')
  await world.engine.command('fix', ABANDON)
  expect(world.problems).toEqual([])
  expect(rested).toBeGreaterThan(0)
  expect(existsSync(lock)).toBe(false)
})

test.each(['refs/heads/main.lock', 'index.lock'])(
  'a %s from the future is found to be stale, and a change lands once it was set aside',
  async (name) => {
    const { world } = await editedTask()
    const lock = leaveLock(world, name)
    await expectRepaired(world, 'lock-stale')
    expect(existsSync(lock)).toBe(false)
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  },
)

test('one that is taken anew meanwhile stays', async () => {
  const { world } = await editedTask()
  const lock = leaveLock(world, 'refs/heads/coppice/fix.lock')
  meanwhile = () => {
    writeFileSync(`${lock}.anew`, 'theirs')
    renameSync(`${lock}.anew`, lock)
  }
  await world.engine.command('fix', ABANDON)
  expect(world.problems).toHaveLength(1)
  expect(existsSync(lock)).toBe(true)
})

test('a lock that is from the future by a moment, as clocks differ, is a moment old', async () => {
  const { world } = await editedTask()
  const lock = leaveLock(world, 'index.lock')
  const soon = new Date(Date.now() + 5_000)
  utimesSync(lock, soon, soon)
  await expectRefused(world, 'lock-held')
  expect(rested).toBe(0)
})
