import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openWorld } from './helpers/world.js'

const REAL_BOOT_ID = '/proc/sys/kernel/random/boot_id'
let secondsUp = 5_000

// A system that gives its boots no ids, as all but Linux.
vi.mock(import('../../packages/git-adapter/src/files/look.js'), async (original) => {
  const real = await original()
  return { ...real, readText: async (file) => (file === REAL_BOOT_ID ? null : real.readText(file)) }
})
vi.mock(import('node:os'), async (original) => ({ ...(await original()), uptime: () => secondsUp }))

test('where boots have no ids, torn objects are looked for once after each boot all the same', async () => {
  const world = await openWorld()
  await world.engine.create({ id: 'fix' })
  const object = join(world.repository.commonDir, 'objects/ab', '0'.repeat(38))
  const tear = (): void => {
    mkdirSync(dirname(object), { recursive: true })
    writeFileSync(object, '')
  }
  tear()
  await world.engine.recover()
  expect(existsSync(object)).toBe(false)
  tear()
  await world.engine.recover()
  expect(existsSync(object)).toBe(true)
  secondsUp = 100
  await world.engine.recover()
  expect(existsSync(object)).toBe(false)
})
