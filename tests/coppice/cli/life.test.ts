import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checkpoint, TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'

test('a task is parked and resumed, given up and restored, with all of its content', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'notes.txt'), 'untracked\n')
  writeFileSync(join(path, 'README.md'), '# Changed\n')
  for (const [down, up, status] of [
    ['park', 'resume', 'parked'],
    ['abandon', 'restore', 'abandoned'],
  ] as const) {
    const away = await coppiceJson<TaskState>(repository, [down, 'a', '--reason', 'lunch'])
    expect(away).toMatchObject({ status, worktree: 'absent' })
    expect(existsSync(path)).toBe(false)
    const back = await coppice(repository, [up, 'a'])
    expect(back).toMatchObject({ code: 0, stdout: `${path}\n` })
    expect(readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('untracked\n')
    expect(readFileSync(join(path, 'README.md'), 'utf8')).toBe('# Changed\n')
  }
})

test('checkpoint pins what is there and says which', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'notes.txt'), 'untracked\n')
  const checkpoint = await coppiceJson<Checkpoint>(repository, ['checkpoint', 'a', '-m', 'first notes'])
  expect(checkpoint).toMatchObject({ number: 1, ref: 'refs/coppice/a/checkpoints/1' })
  expect(repository.git('show', `${checkpoint.tree}:notes.txt`)).toBe('untracked')
  const again = await coppice(repository, ['checkpoint', 'a'])
  expect(again).toMatchObject({ code: 0, stdout: '' })
  expect(again.stderr).toContain('checkpoint 1')
})

test('checkpoint says what it cannot hold', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  execFileSync('git', ['init', '--quiet', join(path, 'clone')], { env: repository.env })
  writeFileSync(join(path, 'clone/file'), 'x')
  expect((await coppice(repository, ['checkpoint', 'a'])).stderr).toMatch(
    /^a: checkpoint 1 \(\w+\) holds all but clone\/, which no checkpoint can hold$/m,
  )
})

test('list shows live tasks, and all of them with --all', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  await coppice(repository, ['new', 'b'])
  await coppice(repository, ['abandon', 'b'])
  const live = await coppiceJson<TaskState[]>(repository, ['list'])
  expect(live).toEqual([
    expect.objectContaining({ id: 'a', status: 'active', checkpoint: null, worktree: 'present' }),
  ])
  const all = await coppiceJson<TaskState[]>(repository, ['list', '--all'])
  expect(all.map(({ id, status }) => [id, status])).toEqual([
    ['a', 'active'],
    ['b', 'abandoned'],
  ])
  const { stdout } = await coppice(repository, ['list'])
  expect(stdout).toMatch(/^TASK +STATUS +BRANCH +UPDATED +TITLE\na +active +coppice\/a +\S+\n$/)
})

test('list of a repository without tasks is an empty array', async () => {
  const repository = makeRepository()
  expect(await coppiceJson(repository, ['list'])).toEqual([])
  expect(await coppice(repository, ['list'])).toMatchObject({ code: 0, stdout: '', stderr: 'no tasks yet\n' })
  expect(await coppice(repository, ['list', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
})

test('path prints where a task is', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  expect(await coppice(repository, ['path', 'a'])).toMatchObject({ code: 0, stdout: `${path}\n` })
  expect(await coppiceJson(repository, ['path', 'a'])).toEqual({ id: 'a', path })
})

test('status shows a task to people and to programs', async () => {
  const repository = makeRepository()
  const created = await coppiceJson<TaskState>(repository, [
    'new',
    'a',
    '--title',
    'wipe \u001b[2J the screen',
  ])
  expect(await coppiceJson(repository, ['status', 'a'])).toEqual(created)
  const { stdout } = await coppice(repository, ['status', 'a'])
  expect(stdout).toContain('a is active\n')
  expect(stdout).toContain('branch     coppice/a\n')
  expect(stdout).toContain('wipe \\u001b[2J the screen')
})

test('diff shows committed, uncommitted and untracked changes together', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'README.md'), '# Changed\n')
  repository.git('-C', path, 'commit', '--quiet', '--all', '--message', 'change')
  writeFileSync(join(path, 'src/numbers.txt'), 'one\ntwo\n')
  writeFileSync(join(path, 'notes.txt'), 'untracked\n')
  const { stdout } = await coppice(repository, ['diff', 'a'])
  for (const line of ['+# Changed', '-three', '+untracked']) expect(stdout).toContain(`${line}\n`)
  expect(stdout).not.toContain('\u001b')
  const { stdout: stat } = await coppice(repository, ['diff', 'a', '--stat'])
  expect(stat).toContain('3 files changed')
  expect(await coppiceJson(repository, ['diff', 'a'])).toEqual({ id: 'a', diff: stdout })
})

test('replay shows every task at any position', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  await coppice(repository, ['park', 'a'])
  expect(await coppiceJson(repository, ['replay', '--at', '0'])).toEqual([])
  expect(await coppiceJson(repository, ['replay', '--at', '1'])).toMatchObject([
    { id: 'a', status: 'creating' },
  ])
  expect(await coppiceJson(repository, ['replay', '--at', '2'])).toMatchObject([
    { id: 'a', status: 'active' },
  ])
  expect(await coppiceJson(repository, ['replay'])).toMatchObject([{ id: 'a', status: 'parked' }])
  const beyond = await coppice(repository, ['replay', '--at', '1000', '--json'])
  expect(beyond.code).toBe(2)
  expect(errorOf(beyond)).toMatchObject({ code: 'position-not-found', position: 1000 })
})

test('a move that the lifecycle refuses ends with 6 and says what is possible', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const refused = await coppice(repository, ['restore', 'a'])
  expect(refused).toMatchObject({ code: 6, stdout: '' })
  expect(refused.stderr).toContain('possible now: checkpoint, merge, park, abandon')
  const asJson = await coppice(repository, ['resume', 'a', '--json'])
  expect(asJson.code).toBe(6)
  expect(errorOf(asJson)).toMatchObject({
    code: 'illegal-move',
    status: 'active',
    allowed: ['task.checkpoint', 'task.merge', 'task.park', 'task.abandon'],
  })
})

test.each(['path', 'status', 'checkpoint', 'diff', 'merge', 'park', 'resume', 'abandon', 'restore', 'log'])(
  '%s of a task that does not exist ends with 3',
  async (name) => {
    const repository = makeRepository()
    const ended = await coppice(repository, [name, 'nobody', '--json'])
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    expect(errorOf(ended)).toMatchObject({ code: 'task-not-found', task: 'nobody' })
  },
)
