import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { expectRepaired } from './helpers/drift.js'
import { editedTask } from './helpers/edited.js'

const LONG_AGO = new Date('2001-01-01')

/** What a git leaves that is killed while it packs refs; no git takes it away, and none can delete a ref beside it. */
async function halfPacked() {
  const { world } = await editedTask()
  world.user.git('pack-refs', '--all')
  const file = join(world.repository.commonDir, 'packed-refs.new')
  writeFileSync(file, 'half')
  utimesSync(file, LONG_AGO, LONG_AGO)
  return { world, file }
}

test('a half-written file of packed refs that was left long ago keeps no branch from being deleted', async () => {
  const { world, file } = await halfPacked()
  await world.engine.command('fix', ABANDON)
  expect(world.problems).toEqual([])
  expect(existsSync(file)).toBe(false)
  expect(world.user.git('branch', '--list', 'coppice/fix')).toBe('')
})

test('a repair sets it aside', async () => {
  const { world, file } = await halfPacked()
  await expectRepaired(world, 'lock-stale')
  expect(existsSync(file)).toBe(false)
})
