import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'

const READING = [['list', '--all'], ['status', 'a'], ['path', 'a'], ['log'], ['log', 'a'], ['replay']]

test('commands that read leave every byte as it is', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'README.md'), '# Changed\n')
  writeFileSync(join(path, 'untracked.txt'), 'new\n')
  const before = listing(repository.scratch)
  for (const args of READING) expect(await coppice(repository, args)).toMatchObject({ code: 0, stderr: '' })
  expect(listing(repository.scratch)).toEqual(before)
})

test('diff leaves every byte as it is, although it looks at files that git does not know yet', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'README.md'), '# Changed\n')
  writeFileSync(join(path, 'untracked.txt'), 'new\n')
  const before = listing(repository.scratch)
  expect((await coppice(repository, ['diff', 'a'])).stdout).toContain('+new\n')
  expect((await coppice(repository, ['diff', 'a', '--stat'])).stdout).toContain('2 files changed')
  expect(listing(repository.scratch)).toEqual(before)
})

test('in a repository without tasks they make nothing', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  for (const args of [['list'], ['log'], ['replay']]) {
    expect(await coppice(repository, args)).toMatchObject({ code: 0, stdout: '' })
  }
  expect(listing(repository.scratch)).toEqual(before)
})

test('they do not do what is owed', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  repository.git('worktree', 'remove', '--force', path)
  const before = await coppiceJson(repository, ['status', 'a'])
  await coppice(repository, ['list'])
  expect(await coppiceJson(repository, ['status', 'a'])).toEqual(before)
})
