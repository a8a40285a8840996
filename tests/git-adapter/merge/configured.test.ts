import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

/** A repository whose `.dat` files are stored other than they are checked out, as large-file storage does it. */
function filtering(): TestRepository {
  const user = makeRepository()
  user.git('config', 'filter.stored.clean', 'sed s/^/stored:/')
  user.git('config', 'filter.stored.smudge', 'sed s/^stored://')
  user.write('.gitattributes', '*.dat filter=stored\n')
  user.commit('x.dat', 'content\n')
  return user
}

test('a filtered file that nobody touched does not stand in the way of a merge', async () => {
  const user = filtering()
  const { engine } = await openWorld({ user })
  for (const id of ['one', 'two', 'three']) {
    const { path } = await engine.create({ id })
    agentRuns(user, path, `echo ${id} > ${id}`)
    expect(await engine.command(id, mergeRequest())).toMatchObject({ status: 'merged' })
  }
  expect(user.git('show', 'main:x.dat')).toBe('stored:content')
  expect(user.git('status', '--porcelain')).toBe('')
})

test('a filtered file with uncommitted changes is left to the agent’s own git', async () => {
  const user = filtering()
  const { engine } = await openWorld({ user })
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, 'echo other > x.dat')
  expect(await engine.command('fix', mergeRequest())).toMatchObject({ setback: { files: ['x.dat'] } })
  agentRuns(user, path, 'git commit --quiet --all --message other')
  expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(user.git('show', 'main:x.dat')).toBe('stored:other')
})

test('what the repository’s own configuration has git ignore is not merged', async () => {
  const user = makeRepository()
  const ignored = join(user.scratch, 'my ignored files')
  writeFileSync(ignored, 'secret.env\n')
  user.git('config', 'core.excludesFile', ignored)
  const { engine } = await openWorld({ user })
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, 'echo secret > secret.env; echo fine > fine')
  expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(user.git('ls-tree', '--name-only', 'main').split('\n')).toContain('fine')
  expect(user.git('ls-tree', '--name-only', 'main').split('\n')).not.toContain('secret.env')
})
