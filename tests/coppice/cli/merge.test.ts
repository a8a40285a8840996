import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

async function taskWith(repository: TestRepository, file: string, content: string): Promise<TaskState> {
  const task = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(task.path, file), content)
  return task
}

test('a merge lands the whole content, brings the checkout along and ends with 0', async () => {
  const repository = makeRepository()
  await taskWith(repository, 'new.txt', 'new\n')
  const outcome = await coppiceJson<{ commit: string }>(repository, ['merge', 'a', '-m', 'Land it'])
  expect(outcome).toEqual({ status: 'merged', commit: repository.git('rev-parse', 'main'), into: 'main' })
  expect(repository.read('new.txt')).toBe('new\n')
  expect(repository.git('status', '--porcelain')).toBe('')
  expect(repository.git('log', '-1', '--format=%s')).toBe('Land it')
  expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({
    status: 'merged',
    worktree: 'absent',
  })
})

test.each([
  ['merge', 2],
  ['squash', 1],
  ['rebase', 1],
  ['ff', 1],
])('--strategy %s lands a commit with %i parent(s)', async (strategy, parents) => {
  const repository = makeRepository()
  const { path } = await taskWith(repository, 'new.txt', 'new\n')
  repository.git('-C', path, 'add', '--all')
  repository.git('-C', path, 'commit', '--quiet', '--message', 'the work')
  if (strategy !== 'ff') repository.commit('other.txt', 'meanwhile\n')
  expect((await coppice(repository, ['merge', 'a', '--strategy', strategy])).code).toBe(0)
  expect(repository.git('log', '-1', '--format=%P', 'main').split(' ')).toHaveLength(parents)
  expect(repository.git('show', 'main:new.txt')).toBe('new')
})

test('a conflict ends with 4, names the files and leaves the task active', async () => {
  const repository = makeRepository()
  await taskWith(repository, 'src/greeting.txt', 'hello\nmoon\n')
  const base = repository.commit('src/greeting.txt', 'hello\nsun\n')
  const told = await coppice(repository, ['merge', 'a'])
  expect(told).toMatchObject({ code: 4, stdout: '' })
  expect(told.stderr).toContain('src/greeting.txt')
  const asJson = await coppice(repository, ['merge', 'a', '--json'])
  expect(asJson).toMatchObject({ code: 4, stderr: '' })
  expect(JSON.parse(asJson.stdout)).toEqual({
    status: 'conflicted',
    files: ['src/greeting.txt'],
    fileCount: 1,
  })
  expect(repository.git('rev-parse', 'main')).toBe(base)
  expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({
    status: 'active',
    setback: { kind: 'conflicted', files: ['src/greeting.txt'] },
  })
})

test('a verification that fails ends with 5 and shows what it printed', async () => {
  const repository = makeRepository()
  const base = repository.git('rev-parse', 'main')
  await taskWith(repository, 'new.txt', 'new\n')
  const verify = ['--verify', 'cat new.txt; echo it does not work >&2; exit 7']
  const told = await coppice(repository, ['merge', 'a', ...verify])
  expect(told).toMatchObject({ code: 5, stdout: '' })
  expect(told.stderr).toContain('it does not work')
  const asJson = await coppice(repository, ['merge', 'a', '--json', ...verify])
  expect(asJson).toMatchObject({ code: 5, stderr: '' })
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    status: 'rejected',
    reason: 'verification-failed',
    exitCode: 7,
    output: expect.stringContaining('new\nit does not work'),
  })
  expect(repository.git('rev-parse', 'main')).toBe(base)
})

test('a verification runs on the merged tree and lets it land', async () => {
  const repository = makeRepository()
  await taskWith(repository, 'new.txt', 'new\n')
  repository.commit('other.txt', 'meanwhile\n')
  const verified = await coppice(repository, [
    'merge',
    'a',
    '--verify',
    'test -f new.txt && test -f other.txt',
  ])
  expect(verified.code).toBe(0)
})

test('coppice.verify of the configuration rejects, unless --no-verify is given', async () => {
  const repository = makeRepository()
  repository.git('config', 'coppice.verify', 'exit 1')
  await taskWith(repository, 'new.txt', 'new\n')
  expect((await coppice(repository, ['merge', 'a'])).code).toBe(5)
  expect((await coppice(repository, ['merge', 'a', '--no-verify'])).code).toBe(0)
})

test('every other rejection ends with 1', async () => {
  const repository = makeRepository()
  await taskWith(repository, 'new.txt', 'new\n')
  repository.commit('other.txt', 'meanwhile\n')
  const ended = await coppice(repository, ['merge', 'a', '--strategy', 'ff', '--json'])
  expect(ended).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'rejected', reason: 'not-fast-forward' })
})

test('a task from a commit needs a branch to land on', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a', '--base', 'main~1'])
  const nowhere = await coppice(repository, ['merge', 'a', '--json'])
  expect(nowhere.code).toBe(2)
  expect(errorOf(nowhere)).toMatchObject({ code: 'no-target-branch', task: 'a', base: 'main~1' })
  const { path } = await coppiceJson<TaskState>(repository, ['status', 'a'])
  writeFileSync(join(path, 'new.txt'), 'new\n')
  expect((await coppice(repository, ['merge', 'a', '--into', 'main'])).code).toBe(0)
  expect(repository.git('show', 'main:new.txt')).toBe('new')
})
