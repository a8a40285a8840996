import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../core/helpers/requests.js'
import { expectFound, expectHealthy, expectNothingToDo } from './helpers/drift.js'
import { editedTask } from './helpers/edited.js'
import { cutPower } from './helpers/power-cut.js'
import { agentRuns, gitIn } from './helpers/tree.js'

const ONE = 'echo one > one; git add one; git commit -qm one'
const TWO = 'echo two > two; git add two; git commit -qm two'

test('a branch that was put back after a power cut stays there, whatever is repaired, and merges what is whole', async () => {
  const { world, task } = await editedTask(ONE)
  const { user, engine } = world
  const first = user.git('rev-parse', 'coppice/fix')
  // The commit itself is whole, and a file of it is not.
  cutPower(world, () => agentRuns(user, task.path, 'echo two > two; git add two'))
  agentRuns(
    user,
    task.path,
    'git update-ref -m two HEAD "$(git commit-tree -p HEAD -m two "$(git write-tree --missing-ok)")"',
  )

  await engine.recover()

  expect(user.git('rev-parse', 'coppice/fix')).toBe(first)
  expect(gitIn(user, task.path, 'rev-parse', 'HEAD@{0}').trim()).toBe(first)
  await expectHealthy(world)
  await expectNothingToDo(world)
  expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(user.git('show', 'main:two')).toBe('two')
  user.git('rev-list', '--objects', '--all')
})

test('a repair moves a branch on to no commit of which something is lost', async () => {
  const { world, task } = await editedTask(ONE)
  const { user, engine, repository } = world
  const first = user.git('rev-parse', 'coppice/fix')
  agentRuns(user, task.path, TWO)
  const blob = user.git('rev-parse', 'coppice/fix:two')
  user.git('update-ref', 'refs/heads/coppice/fix', first)
  rmSync(join(repository.commonDir, 'objects', blob.slice(0, 2), blob.slice(2)))

  await expectFound(world, 'branch-moved')
  const { failed } = await engine.repair(false)

  expect(failed).toMatchObject([
    { drift: { code: 'branch-moved' }, reason: expect.stringContaining('not everything of') },
  ])
  expect(user.git('rev-parse', 'coppice/fix')).toBe(first)
})

test('a repair moves a branch on to a commit of which everything is there', async () => {
  const { world, task } = await editedTask(ONE)
  const { user, engine } = world
  const first = user.git('rev-parse', 'coppice/fix')
  agentRuns(user, task.path, TWO)
  const second = user.git('rev-parse', 'coppice/fix')
  user.git('update-ref', 'refs/heads/coppice/fix', first)
  expect((await engine.repair(false)).failed).toEqual([])
  expect(user.git('rev-parse', 'coppice/fix')).toBe(second)
})
