import { FileLocks } from '@coppice/store'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openWorld, type World } from './helpers/world.js'

/** Working files of an engine, as one that is killed leaves them. */
const LEFT = [
  'tmp/0.abc.index',
  'tmp/3.abc.index.lock',
  'git/plain.draft/info/attributes',
  'landing.json.new',
]

async function littered(): Promise<World> {
  const world = await openWorld()
  await world.engine.create({ id: 'fix' })
  for (const name of LEFT) {
    const file = join(world.repository.commonDir, 'coppice', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '')
  }
  return world
}

const leftIn = ({ repository }: World): string[] =>
  LEFT.filter((name) => existsSync(join(repository.commonDir, 'coppice', name)))

test('a recovery deletes the working files that killed engines have left', async () => {
  const world = await littered()
  await world.engine.recover()
  expect(leftIn(world)).toEqual([])
})

test('a repair does so too, but for a dry run', async () => {
  const world = await littered()
  await world.engine.repair(true)
  expect(leftIn(world)).toEqual(LEFT)
  await world.engine.repair(false)
  expect(leftIn(world)).toEqual([])
})

test('what a living engine works with stays', async () => {
  const world = await littered()
  const locks = new FileLocks(join(world.repository.commonDir, 'coppice', 'locks'))
  const held = await Promise.all(['index-3', 'private-git', 'landing'].map((name) => locks.tryAcquire(name)))
  await world.engine.recover()
  expect(leftIn(world)).toEqual(LEFT.slice(1))
  for (const lock of held) await lock!.release()
  await world.engine.recover()
  expect(leftIn(world)).toEqual([])
})

test('a recovery removes the places beside the worktrees that a killed engine has emptied, and no others', async () => {
  const world = await littered()
  const beside = dirname(world.engine.find('fix')!.path)
  const places = ['.making', '.trash', '.verifying', '.aside', '.a-person']
  for (const name of places) mkdirSync(join(beside, name))
  await world.engine.recover()
  expect(places.filter((name) => existsSync(join(beside, name)))).toEqual(['.a-person'])
  mkdirSync(join(beside, '.aside/fix~1'), { recursive: true })
  await world.engine.recover()
  expect(existsSync(join(beside, '.aside/fix~1'))).toBe(true)
})
