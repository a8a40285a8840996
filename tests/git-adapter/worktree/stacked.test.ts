import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import { editedTask, type Edited } from '../helpers/edited.js'

/** A parked task onto whose branch another one has landed that was stacked upon it. */
async function parkedBelow(script: string): Promise<Edited> {
  const parent = await editedTask(script)
  const { world } = parent
  await world.engine.command('fix', PARK)
  const child = await world.engine.create({ id: 'child', base: 'coppice/fix' })
  agentRuns(world.user, child.path, 'echo more > more; git add more; git commit -qm more')
  const landed = await world.engine.command('child', mergeRequest({ into: 'coppice/fix' }))
  expect(landed).toMatchObject({ status: 'merged' })
  return parent
}

test('a parked task with nothing but commits comes back with what was landed on its branch', async () => {
  const { world, task } = await parkedBelow('echo c > c; git add c; git commit -qm c')
  expect(await world.engine.command('fix', RESUME)).toMatchObject({ status: 'active', failure: null })
  expect([existsSync(join(task.path, 'c')), existsSync(join(task.path, 'more'))]).toEqual([true, true])
  expect(gitIn(world.user, task.path, 'status', '--porcelain', '--branch')).toBe('## coppice/fix\n')
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(world.user.git('ls-tree', '--name-only', 'main', 'c', 'more')).toBe('c\nmore')
  expect(world.problems).toEqual([])
})

test('one with work beside its commits is not brought back over them, and nothing is touched', async () => {
  const { world } = await parkedBelow('echo c > c; git add c; git commit -qm c; echo u > u')
  const tip = world.user.git('rev-parse', 'coppice/fix')
  expect(await world.engine.command('fix', RESUME)).toMatchObject({
    status: 'failed',
    failure: { code: 'branch-moved' },
  })
  expect(world.user.git('rev-parse', 'coppice/fix')).toBe(tip)
})
