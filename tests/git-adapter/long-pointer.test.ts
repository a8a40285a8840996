import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { editedTask } from './helpers/edited.js'
import { gitIn } from './helpers/tree.js'

test('a `.git` file that no memory holds is one that names nothing, and is put right', async () => {
  const { world, task } = await editedTask()
  truncateSync(join(task.path, '.git'), 3 * 2 ** 30)
  expect((await world.engine.diagnose()).drifts).toMatchObject([{ code: 'pointer-broken' }])
  expect((await world.engine.repair(false)).failed).toEqual([])
  expect(gitIn(world.user, task.path, 'rev-parse', '--absolute-git-dir').trim()).toBe(task.gitDir)
})
