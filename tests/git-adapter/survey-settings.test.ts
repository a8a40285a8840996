import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FileLocks } from '@coppice/store'
import { expect, test } from 'vitest'
import { mergeRequest } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { editedTask } from './helpers/edited.js'
import { expectFound, expectHealthy, expectRefused, expectRepaired } from './helpers/drift.js'
import { agentRuns, contentOf, gitIn } from './helpers/tree.js'
import { openWorld } from './helpers/world.js'

test('a core.bare that was flipped is set back, in the file that says it', async () => {
  const { world } = await editedTask()
  world.user.git('config', 'core.bare', 'true')
  const after = await openWorld({ user: world.user, log: world.log })

  await expectRepaired(after, 'bare-flipped')

  expect(world.user.git('status', '--short')).toBe('')
})

test('a checkout is brought along with a merge though core.bare says that there is none', async () => {
  const { world } = await editedTask()
  world.user.git('config', 'core.bare', 'true')
  const after = await openWorld({ user: world.user, log: world.log })

  await after.engine.command('fix', mergeRequest())

  world.user.git('config', 'core.bare', 'false')
  expect(world.user.read('c')).toBe('c\n')
  expect(world.user.git('status', '--short')).toBe('')
})

test('a core.bare in the main checkout’s own configuration is set back', async () => {
  const { world } = await editedTask()
  world.user.git('config', 'extensions.worktreeConfig', 'true')
  world.user.git('config', '--worktree', 'core.bare', 'true')

  await expectRepaired(world, 'bare-flipped')

  expect(world.user.git('status', '--short')).toBe('')
})

test('a core.bare in a worktree’s own configuration is set back', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  world.user.git('config', 'extensions.worktreeConfig', 'true')
  gitIn(world.user, task.path, 'config', '--worktree', 'core.bare', 'true')
  expect(() => gitIn(world.user, task.path, 'status')).toThrow(/work tree/)

  await expectRepaired(world, 'bare-flipped')

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('a bare repository is healthy, whatever its directory is called', async () => {
  const world = await openWorld({ user: makeRepository({ bare: true }) })
  await world.engine.create({ id: 'fix' })

  await expectHealthy(world)
})

test('a merge of the user’s in his checkout is told and left', async () => {
  const { world } = await editedTask()
  world.user.git('checkout', '--quiet', '-b', 'other')
  world.user.commit('README.md', 'one')
  world.user.git('checkout', '--quiet', 'main')
  world.user.commit('README.md', 'two')
  expect(() => world.user.git('merge', '--quiet', 'other')).toThrow(/merge/)

  await expectRefused(world, 'operation-under-way')
  await expectHealthy(world)
})

test('bringing a checkout along that was interrupted is brought to its end', async () => {
  const { world } = await editedTask()
  const from = world.user.git('rev-parse', 'main')
  const to = world.user.git('rev-parse', 'coppice/fix')
  const gitDir = world.repository.commonDir
  const mark = join(gitDir, 'coppice', 'landing.json')
  writeFileSync(mark, JSON.stringify({ gitDir, workTree: world.user.path, from, to }))
  world.user.write('c', 'c\n')
  world.user.write('mine', 'mine')

  await expectRepaired(world, 'landing-unfinished')

  expect(world.user.git('status', '--short')).toBe('?? mine')
})

test('an agent that is gone is recorded as gone', async () => {
  const { world } = await editedTask()
  const agent = world.agents.start('agent')
  await (await world.engine.startAgent('fix', async () => agent)).release()
  world.agents.stop(agent)

  await expectRepaired(world, 'agent-vanished')

  expect(world.engine.find('fix')).toMatchObject({ agent: null })
})

test('what is owed is done', async () => {
  const { world, task } = await editedTask()
  await world.log.append(
    'task/fix',
    [{ type: 'task.abandoned', at: new Date().toISOString(), data: { reason: null } }],
    'any',
  )

  await expectRepaired(world, 'effect-owed')

  expect(existsSync(task.path)).toBe(false)
  expect(world.engine.find(task.id)).toMatchObject({ status: 'abandoned', worktree: 'absent' })
})

test('a task that another process is at work on is left to it', async () => {
  const { world } = await editedTask()
  world.user.git('update-ref', '-d', 'refs/heads/coppice/fix')
  const locks = new FileLocks(join(world.repository.commonDir, 'coppice', 'locks'))
  const lock = await locks.acquire('task-fix')

  expect(await expectFound(world, 'branch-missing')).toMatchObject([{ remedy: { kind: 'refusal' } }])
  expect((await world.engine.repair(false)).repaired).toEqual([])

  await lock.release()
  await expectRepaired(world, 'branch-missing')
})

test('work in the main checkout that a task has too is told, and is left', async () => {
  const { world, task } = await editedTask()
  agentRuns(world.user, task.path, 'echo leaked >> src/greeting.txt')
  world.user.write('src/greeting.txt', 'hello\nworld\nleaked\n')
  world.user.write('src/numbers.txt', 'mine\n')

  const drift = await expectRefused(world, 'leak-suspected')

  expect(drift).toMatchObject({ task: 'fix', subject: join(world.user.path, 'src/greeting.txt') })
})
