import { expect, test } from 'vitest'
import { editedTask } from './helpers/edited.js'
import { expectFound, expectHealthy, expectRefused, expectRepaired } from './helpers/drift.js'
import { readyToMerge, TWO_COMMITS } from './helpers/merging.js'
import { agentRuns, contentOf, filesIn, gitIn } from './helpers/tree.js'

const PARK = { type: 'task.park', data: { reason: null } } as const
const ABANDON = { type: 'task.abandon', data: { reason: null } } as const

test('a branch that was deleted is made again where it was', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  world.user.git('update-ref', '-d', 'refs/heads/coppice/fix')

  await expectRepaired(world, 'branch-missing')

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('the deleted branch of a parked task is made again where its checkpoint left it', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  await world.engine.command('fix', PARK)
  world.user.git('branch', '--quiet', '-D', 'coppice/fix')

  await expectRepaired(world, 'branch-missing')

  await world.engine.command('fix', { type: 'task.resume', data: {} })
  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('a branch that was moved back behind its worktree is moved on again', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  world.user.git('update-ref', 'refs/heads/coppice/fix', 'main')

  await expectRepaired(world, 'branch-moved')

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('a branch that somebody moved on is left where it is', async () => {
  const { world } = await editedTask()
  await world.engine.command('fix', PARK)
  const ahead = world.user.git('commit-tree', '-p', 'coppice/fix', '-m', 'mine', 'coppice/fix^{tree}')
  world.user.git('update-ref', 'refs/heads/coppice/fix', ahead)

  await expectRefused(world, 'branch-moved')

  expect(world.user.git('rev-parse', 'coppice/fix')).toBe(ahead)
})

test('a branch of an abandoned task that came back as it was goes again, and what it was at stays pinned', async () => {
  const { world, task } = await editedTask()
  const tip = gitIn(world.user, task.path, 'rev-parse', 'HEAD').trim()
  await world.engine.command('fix', ABANDON)
  world.user.git('branch', 'coppice/fix', tip)

  await expectRepaired(world, 'branch-left')

  expect(world.user.git('for-each-ref', 'refs/heads/coppice')).toBe('')
  expect(world.user.git('rev-parse', `refs/coppice/fix/tips/${tip}`)).toBe(tip)
})

test('a branch of an abandoned task that somebody made again for work of his own stays', async () => {
  const { world } = await editedTask()
  await world.engine.command('fix', ABANDON)
  const other = world.user.commit('mine', 'mine')
  world.user.git('branch', 'coppice/fix', other)

  await expectRefused(world, 'branch-left')

  await expectHealthy(world)
})

test('a detached HEAD with commits of its own is put on the branch, which follows it', async () => {
  const { world, task } = await editedTask()
  agentRuns(
    world.user,
    task.path,
    'git checkout -q --detach; echo d > d; git add d; git commit -qm d; echo e > e',
  )
  const files = filesIn(task.path)
  const head = gitIn(world.user, task.path, 'rev-parse', 'HEAD').trim()
  const index = gitIn(world.user, task.path, 'ls-files', '-s')

  await expectRepaired(world, 'head-elsewhere')

  expect(gitIn(world.user, task.path, 'symbolic-ref', '--short', 'HEAD')).toBe('coppice/fix\n')
  expect(world.user.git('rev-parse', 'coppice/fix')).toBe(head)
  expect(gitIn(world.user, task.path, 'ls-files', '-s')).toBe(index)
  expect(filesIn(task.path)).toEqual(files)
})

test('HEAD on a branch of the agent’s is put on the task’s branch, and the agent’s stays', async () => {
  const { world, task } = await editedTask()
  agentRuns(world.user, task.path, 'git checkout -q -b other; echo d > d; git add d; git commit -qm d')
  const head = world.user.git('rev-parse', 'other')

  await expectRepaired(world, 'head-elsewhere')

  expect(world.user.git('rev-parse', 'coppice/fix')).toBe(head)
  expect(world.user.git('rev-parse', 'other')).toBe(head)
})

test('a HEAD that has not all that the branch has is left where it is', async () => {
  const { world, task } = await editedTask()
  agentRuns(world.user, task.path, 'git checkout -q --detach HEAD~1')

  const drift = await expectRefused(world, 'head-elsewhere')

  expect(drift.severity).toBe('warning')
})

test('a HEAD that is elsewhere is left alone while an agent is at work', async () => {
  const { world, task } = await editedTask()
  agentRuns(world.user, task.path, 'git checkout -q -b other')
  const agent = world.agents.start('agent')
  const lock = await world.engine.startAgent('fix', async () => agent)

  await expectRefused(world, 'head-elsewhere')

  await lock.release()
})

test('a rebase of the agent’s is told, and is no drift', async () => {
  const { world, task } = await editedTask('echo a > README.md; git commit -qam a')
  world.user.commit('README.md', 'other')
  agentRuns(world.user, task.path, 'git rebase -q main || true')

  await expectRefused(world, 'operation-under-way')
  await expectHealthy(world)
})

test('a pin that is gone is made again as long as git has its commit', async () => {
  const { world } = await editedTask()
  const pinned = await world.engine.checkpoint('fix', 'all of it')
  world.user.git('update-ref', '-d', pinned!.ref)

  await expectRepaired(world, 'pin-missing')

  expect(world.user.git('rev-parse', pinned!.ref)).toBe(pinned!.commit)
})

test('a pin that holds something else is put right, and what it held is held by another ref', async () => {
  const { world } = await editedTask()
  const pinned = await world.engine.checkpoint('fix', 'all of it')
  const other = world.user.commit('mine', 'mine')
  world.user.git('update-ref', pinned!.ref, other)

  await expectRepaired(world, 'pin-missing')

  expect(world.user.git('rev-parse', pinned!.ref)).toBe(pinned!.commit)
  expect(world.user.git('rev-parse', `refs/coppice/fix/displaced/${other}`)).toBe(other)
})

test('a pin of an older checkpoint counts too', async () => {
  const { world, task } = await editedTask()
  const first = await world.engine.checkpoint('fix', 'first')
  agentRuns(world.user, task.path, 'echo more > more')
  await world.engine.checkpoint('fix', 'second')
  world.user.git('update-ref', '-d', first!.ref)

  await expectRepaired(world, 'pin-missing')
})

test('a pin whose commit is gone is told by its names, and cannot be repaired', async () => {
  const { world, task } = await editedTask('echo u > u')
  const pinned = await world.engine.checkpoint('fix', 'all of it')
  world.user.git('update-ref', '-d', pinned!.ref)
  agentRuns(world.user, task.path, 'rm u')
  world.user.git('prune', '--expire=now')

  const drift = await expectRefused(world, 'pin-lost')

  expect(drift).toMatchObject({ subject: pinned!.ref, severity: 'error' })
  expect(drift.meaning).toContain(pinned!.commit)
})

test('what has landed is pinned when its branch was moved away from under it', async () => {
  const { world, merge } = await readyToMerge(TWO_COMMITS)
  const { landing } = await merge()
  world.user.git('reset', '--quiet', '--hard', 'HEAD~1')

  await expectRepaired(world, 'landing-unreachable')

  world.user.git('reflog', 'expire', '--expire=now', '--all')
  world.user.git('prune', '--expire=now')
  expect(world.user.git('cat-file', '-t', landing!.commit)).toBe('commit')
  expect((await expectFound(world, 'landing-unreachable'))[0]).toMatchObject({ severity: 'note' })
})

test('the branch to merge into is the user’s: that it is gone is told, and it is not made again', async () => {
  const { world } = await editedTask()
  world.user.git('checkout', '--quiet', '-b', 'other')
  world.user.git('branch', '--quiet', '-D', 'main')

  expect(await expectRefused(world, 'target-missing')).toMatchObject({ subject: 'refs/heads/main' })
})
