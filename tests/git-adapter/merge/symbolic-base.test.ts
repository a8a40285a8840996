import { expect, test } from 'vitest'
import { readyToMerge, TWO_COMMITS } from '../helpers/merging.js'

test('a branch that is a name for the one that is checked out has that brought along, with its files', async () => {
  const { world, merge } = await readyToMerge(TWO_COMMITS)
  const { user } = world
  user.git('symbolic-ref', 'refs/heads/trunk', 'refs/heads/main')
  user.git('symbolic-ref', 'refs/heads/master', 'refs/heads/trunk')
  expect(await merge({ into: 'master' })).toMatchObject({ status: 'merged', landing: { into: 'master' } })
  expect(world.problems).toEqual([])
  expect(user.git('status', '--porcelain')).toBe('')
  expect(user.read('new/two')).toBe('two\n')
  expect(user.git('symbolic-ref', 'refs/heads/master')).toBe('refs/heads/main')
  expect(await world.engine.diagnose()).toEqual({ healthy: true, drifts: [] })
})
