import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'

test('prints the path of the ready worktree alone on stdout', async () => {
  const repository = makeRepository()
  const { code, stdout, stderr } = await coppice(repository, ['new', 'fix-login'])
  const path = join(repository.scratch, 'repo.worktrees', 'fix-login')
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' })
  expect(existsSync(join(path, 'src/greeting.txt'))).toBe(true)
  expect(repository.git('-C', path, 'symbolic-ref', '--short', 'HEAD')).toBe('coppice/fix-login')
})

test('prints the whole task with --json', async () => {
  const repository = makeRepository()
  const head = repository.git('rev-parse', 'main')
  const task = await coppiceJson<TaskState>(repository, ['new', 'fix-login', '--title', 'Fix the login'])
  expect(task).toMatchObject({
    id: 'fix-login',
    status: 'active',
    title: 'Fix the login',
    branch: 'coppice/fix-login',
    base: { ref: 'main', commit: head },
    into: 'main',
    worktree: 'present',
  })
})

test('starts from the base that is named, and merges into the branch that is named', async () => {
  const repository = makeRepository()
  repository.git('branch', 'release', 'main~1')
  const task = await coppiceJson<TaskState>(repository, ['new', 'a', '--base', 'main~2', '--into', 'release'])
  expect(task.base).toEqual({ ref: 'main~2', commit: repository.git('rev-parse', 'main~2') })
  expect(task.into).toBe('release')
})

test('takes what git’s configuration says of places, names and set-up', async () => {
  const repository = makeRepository()
  repository.git('config', 'coppice.worktreesDir', join(repository.scratch, 'trees'))
  repository.git('config', 'coppice.branchPrefix', 'agents/')
  repository.git('config', 'coppice.setup', 'echo ready > .ready')
  const task = await coppiceJson<TaskState>(repository, ['new', 'a'])
  expect(task.path).toBe(join(repository.scratch, 'trees', 'a'))
  expect(task.branch).toBe('agents/a')
  expect(existsSync(join(task.path, '.ready'))).toBe(true)
})

test('works from anywhere with -C, which adds up as in git', async () => {
  const repository = makeRepository()
  mkdirSync(join(repository.path, 'deep'))
  const fromOutside = { cwd: '/', env: {} }
  const first = await coppice(repository, ['-C', repository.path, 'new', 'a'], fromOutside)
  const second = await coppice(
    repository,
    ['-C', repository.scratch, '-C', 'repo/deep', 'new', 'b'],
    fromOutside,
  )
  const third = await coppice(repository, ['-C', repository.scratch, 'new', 'c', '-C', 'repo'], fromOutside)
  expect([first.code, second.code, third.code]).toEqual([0, 0, 0])
  const tasks = await coppiceJson<TaskState[]>(repository, ['list'])
  expect(tasks.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test.each([
  ['a subdirectory', 'src'],
  ['a linked worktree', '../repo.worktrees/outer'],
])('works when called from %s', async (_, directory) => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'outer'])
  const { code } = await coppice(repository, ['new', 'inner'], { cwd: join(repository.path, directory) })
  expect(code).toBe(0)
  const tasks = await coppiceJson<TaskState[]>(repository, ['list'])
  expect(tasks.map(({ path }) => path)).toEqual(
    ['outer', 'inner'].map((id) => join(repository.scratch, 'repo.worktrees', id)),
  )
})

test.each([
  ['a bare repository', { bare: true }],
  ['a path with blanks and letters of other scripts', { name: 'mein Wäldchen 森' }],
])('works in %s', async (_, options) => {
  const repository = makeRepository(options)
  const task = await coppiceJson<TaskState>(repository, ['new', 'a', '--base', 'main'])
  expect(existsSync(join(task.path, 'README.md'))).toBe(true)
  const ended = await coppice(repository, ['exec', 'a', '--', 'sh', '-c', 'echo more > more.txt'])
  expect(ended.code).toBe(0)
  expect((await coppice(repository, ['merge', 'a'])).code).toBe(0)
  expect(repository.git('show', 'main:more.txt')).toBe('more')
})

test('refuses an id that was used before with exit code 6', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const again = await coppice(repository, ['new', 'a', '--json'])
  expect(again.code).toBe(6)
  expect(errorOf(again)).toMatchObject({ code: 'task-exists', task: 'a', status: 'active' })
})

test('says in the log that the set-up failed, and offers to try again', async () => {
  const repository = makeRepository()
  repository.git('config', 'coppice.setup', 'echo no network >&2; exit 3')
  const failed = await coppice(repository, ['new', 'a'])
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('coppice resume a')
  repository.git('config', 'coppice.setup', 'true')
  const resumed = await coppice(repository, ['resume', 'a'])
  expect(resumed).toMatchObject({ code: 0, stdout: `${join(repository.scratch, 'repo.worktrees', 'a')}\n` })
})
