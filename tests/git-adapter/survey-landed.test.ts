import { expect, test } from 'vitest'
import { ABANDON, mergeRequest } from '../core/helpers/requests.js'
import { expectFound, expectHealthy, expectRepaired } from './helpers/drift.js'
import { readyToMerge, TWO_COMMITS } from './helpers/merging.js'
import { agentRuns } from './helpers/tree.js'
import type { World } from './helpers/world.js'

/** A task that has landed on `feature`, which somebody has begun at `main`. */
async function landedOnFeature(): Promise<World> {
  const { world, merge } = await readyToMerge(TWO_COMMITS)
  world.user.git('branch', 'feature')
  await merge({ into: 'feature' })
  return world
}

test('what landed on a branch that was merged and deleted is where it belongs', async () => {
  const world = await landedOnFeature()
  world.user.git('merge', '--quiet', 'feature')
  world.user.git('branch', '--quiet', '-d', 'feature')
  expect(await world.engine.diagnose()).toEqual({ healthy: true, drifts: [] })
})

test('so it is where that branch was made again for something else', async () => {
  const world = await landedOnFeature()
  world.user.git('merge', '--quiet', 'feature')
  world.user.git('branch', '--quiet', '--force', 'feature', 'HEAD~2')
  expect(await world.engine.diagnose()).toEqual({ healthy: true, drifts: [] })
})

test('what landed on a branch that was deleted and merged nowhere is pinned', async () => {
  const world = await landedOnFeature()
  world.user.git('branch', '--quiet', '-D', 'feature')
  await expectRepaired(world, 'landing-unreachable')
})

test('that another task has it too does not make up for a branch that has lost it', async () => {
  const { world, merge } = await readyToMerge(TWO_COMMITS)
  await merge()
  await world.engine.create({ id: 'next' })
  world.user.git('reset', '--quiet', '--hard', 'HEAD~3')
  expect((await expectFound(world, 'landing-unreachable'))[0]).toMatchObject({ severity: 'warning' })
})

test('a branch whose commit is gone keeps nobody from finding where something has landed', async () => {
  const world = await landedOnFeature()
  const { user } = world
  user.git('merge', '--quiet', 'feature')
  user.git('branch', '--quiet', '-d', 'feature')
  user.write('.git/refs/heads/broken', `${'a'.repeat(40)}\n`)
  const { drifts } = await world.engine.diagnose()
  expect(drifts.map(({ code }) => code)).not.toContain('landing-unreachable')
})

/** A task that has landed on the branch of another one, which goes on. */
async function landedOnAnother(): Promise<World> {
  const { world } = await readyToMerge(TWO_COMMITS)
  const child = await world.engine.create({ id: 'child', base: 'coppice/fix' })
  agentRuns(world.user, child.path, 'echo more > more')
  const landed = await world.engine.command('child', mergeRequest({ into: 'coppice/fix' }))
  expect(landed).toMatchObject({ status: 'merged' })
  return world
}

test.each([
  ['was merged', mergeRequest({ into: 'main' })],
  ['was squashed', mergeRequest({ into: 'main', strategy: 'squash' })],
  ['was abandoned', ABANDON],
])('what landed on the branch of a task went with it where that %s', async (_, wish) => {
  const world = await landedOnAnother()
  await world.engine.command('fix', wish)
  expect(world.problems).toEqual([])
  expect(world.user.git('branch', '--list', 'coppice/*')).toBe('')
  await expectHealthy(world)
  expect(await world.engine.diagnose()).toMatchObject({ drifts: [] })
})

test('what landed on the branch of a task and was gone from it before that was done is pinned', async () => {
  const world = await landedOnAnother()
  agentRuns(world.user, world.engine.find('fix')!.path, 'git reset -q --hard HEAD~2')
  await world.engine.command('fix', ABANDON)
  await expectRepaired(world, 'landing-unreachable')
})
