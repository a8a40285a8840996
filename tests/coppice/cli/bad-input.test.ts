import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { whileReadOnly } from '../../helpers/damaged-log.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'

test('outside of a repository nothing works, and nothing is made', async () => {
  const repository = makeRepository()
  const outside = join(repository.scratch, 'outside')
  mkdirSync(outside)
  for (const args of [['new', 'a'], ['list'], ['log'], ['run', 'a', '--', 'true']]) {
    const ended = await coppice(repository, ['--json', ...args], { cwd: outside })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(errorOf(ended)).toMatchObject({ code: 'not-a-repository' })
  }
  expect(readdirSync(outside)).toEqual([])
  const missing = await coppice(repository, ['-C', join(outside, 'missing'), 'list', '--json'])
  expect(missing.code).toBe(1)
  expect(errorOf(missing)).toMatchObject({ code: 'not-a-repository' })
})

test('a repository without a commit has nothing to start from', async () => {
  const repository = makeRepository({ empty: true })
  const before = listing(repository.scratch)
  const ended = await coppice(repository, ['new', 'a', '--json'])
  expect(ended.code).toBe(1)
  expect(errorOf(ended)).toMatchObject({ code: 'empty-repository', hint: expect.stringContaining('commit') })
  expect(listing(repository.scratch)).toEqual(before)
})

test.each(['no-such-branch', '--upload-pack=evil', 'main..main', '', 'HEAD:README.md', '@{u}'])(
  'a base that does not exist (%j) is a usage error, and nothing is made',
  async (base) => {
    const repository = makeRepository()
    const before = listing(repository.scratch)
    const ended = await coppice(repository, ['new', 'a', `--base=${base}`, '--json'])
    expect(ended.code).toBe(2)
    expect(errorOf(ended)).toMatchObject({ code: 'base-not-found' })
    expect(listing(repository.scratch)).toEqual(before)
  },
)

const ODD_IDS = ['..', '-x', '--force', 'a/../b', 'Fix', '', '\u0007', '\u202eabc', 'a.lock', 'a'.repeat(300)]

test('ids that something would choke on are refused with what is wrong and a good example', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  for (const id of ODD_IDS) {
    const ended = await coppice(repository, ['new', '--json', '--', id])
    expect({ id, ...ended }).toMatchObject({ id, code: 2, stdout: '' })
    expect(errorOf(ended)).toMatchObject({
      code: 'invalid-task-id',
      id,
      hint: expect.stringContaining('fix-login'),
    })
  }
  expect(listing(repository.scratch)).toEqual(before)
})

test('an id that differs in case only is refused', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'fix'])
  const ended = await coppice(repository, ['new', 'Fix'])
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('capital letters')
})

test('a second task of the same id changes nothing', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  // What an opening leaves behind when it has looked around, another one leaves as it is.
  await coppice(repository, ['gc'])
  const before = listing(repository.scratch)
  expect((await coppice(repository, ['new', 'a'])).code).toBe(6)
  expect(listing(repository.scratch)).toEqual(before)
})

test('a branch or a directory that is in the way is refused, and left alone', async () => {
  const repository = makeRepository()
  repository.git('branch', 'coppice/taken')
  mkdirSync(join(repository.scratch, 'repo.worktrees', 'occupied'), { recursive: true })
  writeFileSync(join(repository.scratch, 'repo.worktrees', 'occupied', 'mine.txt'), 'mine\n')
  const before = listing(repository.scratch)
  const branch = await coppice(repository, ['new', 'taken', '--json'])
  const path = await coppice(repository, ['new', 'occupied', '--json'])
  expect([branch.code, path.code]).toEqual([1, 1])
  expect(errorOf(branch).code).toBe('branch-exists')
  expect(errorOf(path).code).toBe('path-occupied')
  expect(listing(repository.scratch)).toEqual(before)
})

test('a repository that cannot be written can be looked at, and says why it cannot be worked in', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  await whileReadOnly(repository, async () => {
    const before = listing(repository.scratch)
    for (const args of [['list'], ['status', 'a'], ['path', 'a'], ['log'], ['replay']]) {
      expect(await coppice(repository, args, { boundByModes: true })).toMatchObject({ code: 0, stderr: '' })
    }
    for (const args of [
      ['new', 'b'],
      ['park', 'a'],
      ['checkpoint', 'a'],
    ]) {
      const refused = await coppice(repository, [...args, '--json'], { boundByModes: true })
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(errorOf(refused)).toMatchObject({
        message: expect.stringContaining('EACCES'),
        hint: expect.any(String),
      })
    }
    expect(listing(repository.scratch)).toEqual(before)
  })
})

test('a task in a repository that cannot be written shows what it changed', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'untracked.txt'), 'new\n')
  await whileReadOnly(repository, async () => {
    const { code, stdout, stderr } = await coppice(repository, ['diff', 'a'], { boundByModes: true })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('+new\n')
  })
})

test('a branch to merge into that does not exist is a usage error, and nothing is made', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  for (const branch of ['no-such-branch', 'main~1', '-x', '']) {
    const ended = await coppice(repository, ['new', 'a', `--into=${branch}`, '--json'])
    expect(ended.code).toBe(2)
    expect(errorOf(ended)).toMatchObject({ code: 'target-not-found', branch })
  }
  expect(listing(repository.scratch)).toEqual(before)
})

test('a git that is missing or too old is named', async () => {
  const repository = makeRepository()
  const bin = join(repository.scratch, 'bin')
  mkdirSync(bin)
  const missing = await coppice(repository, ['new', 'a', '--json'], { env: { PATH: bin } })
  expect(missing.code).toBe(1)
  expect(errorOf(missing)).toMatchObject({ code: 'git-missing' })
  const script = `if [ "$1" = version ]; then echo git version 2.37.9; else PATH='${process.env['PATH']}' exec git "$@"; fi`
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const env = { PATH: `${bin}:/bin:/usr/bin` }
  const old = await coppice(repository, ['new', 'a', '--json'], { env })
  expect(old.code).toBe(1)
  expect(errorOf(old)).toMatchObject({ code: 'git-too-old', found: '2.37.9', needed: '2.38' })
  // Nothing has to be merged for this.
  expect(await coppice(repository, ['list'], { env })).toMatchObject({ code: 0, stderr: 'no tasks yet\n' })
})
