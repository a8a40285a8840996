import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnosis, TaskState } from 'coppice'
import { openCoppice } from 'coppice'
import { expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { coppice, coppiceJson } from '../helpers/coppice-command.js'
import { listing } from '../helpers/listing.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'

async function withTask(): Promise<{ readonly repository: TestRepository; readonly task: TaskState }> {
  const repository = makeRepository()
  const task = await coppiceJson<TaskState>(repository, ['new', 'fix'])
  return { repository, task }
}

test('a repository without tasks is healthy, and is not written to', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  expect(await coppice(repository, ['doctor'])).toMatchObject({
    code: 0,
    stdout: 'the repository is as the log says\n',
  })
  expect(listing(repository.scratch)).toEqual(before)
})

test('the doctor says what is wrong, what it means and what repair does, ends with 1, and changes nothing', async () => {
  const { repository, task } = await withTask()
  rmSync(task.path, { recursive: true })
  writeFileSync(join(task.gitDir!, 'commondir'), '')
  const before = listing(repository.scratch)

  const { code, stdout, stderr } = await coppice(repository, ['doctor'])

  expect(code).toBe(1)
  expect(stdout).toContain(`error entry-poisoned: fix: ${join(task.gitDir!, 'commondir')}\n`)
  expect(stdout).toContain(`error worktree-missing: fix: ${task.path}\n`)
  expect(stdout).toMatch(/\n {2}repair would make it anew/)
  expect(stdout).toMatch(/\n2 things are not as the log says\n$/)
  expect(stderr).toContain('coppice repair --dry-run')
  expect(listing(repository.scratch)).toEqual(before)
})

test('with --json the doctor prints one object', async () => {
  const { repository, task } = await withTask()
  expect(await coppiceJson<Diagnosis>(repository, ['doctor'])).toEqual({ healthy: true, drifts: [] })
  rmSync(task.path, { recursive: true })

  const { code, stdout } = await coppice(repository, ['doctor', '--json'])

  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    healthy: false,
    drifts: [{ code: 'worktree-missing', task: 'fix', subject: task.path, severity: 'error' }],
  })
})

test('repair puts it right, and a dry run only says so', async () => {
  const { repository, task } = await withTask()
  rmSync(task.path, { recursive: true })
  const before = listing(repository.scratch)

  const dry = await coppice(repository, ['repair', '--dry-run'])

  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('would be repaired: error worktree-missing'),
  })
  expect(listing(repository.scratch)).toEqual(before)
  const done = await coppice(repository, ['repair'])
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /\nrepaired: error worktree-missing: .*\nthe repository is as the log says\n$/,
    ),
  })
  expect(existsSync(join(task.path, 'README.md'))).toBe(true)
  expect(await coppice(repository, ['doctor'])).toMatchObject({ code: 0 })
})

test('what repair leaves alone is told with the reason, and ends with 1', async () => {
  const { repository } = await withTask()
  repository.git('checkout', '--quiet', '-b', 'other')
  repository.git('branch', '--quiet', '-D', 'main')

  for (const args of [['repair'], ['repair', '--dry-run']]) {
    const { code, stdout } = await coppice(repository, args)
    expect(code).toBe(1)
    expect(stdout).toContain('warning target-missing: fix: refs/heads/main\n')
    expect(stdout).toContain('  left alone: the branch is yours')
  }
})

test('with --json repair prints what it did to the world beside what it did to the log', async () => {
  const { repository, task } = await withTask()
  rmSync(task.path, { recursive: true })

  expect(await coppiceJson(repository, ['repair'])).toMatchObject({
    report: { healthy: true },
    world: {
      dryRun: false,
      repaired: [{ code: 'worktree-missing', task: 'fix' }],
      failed: [],
      diagnosis: { healthy: true, drifts: [] },
    },
  })
})

test('the library has both', async () => {
  const repository = makeRepository()
  useEnvironment(repository.env)
  await using opened = await openCoppice({ repo: repository.path })
  const task = await opened.create({ id: 'fix' })
  expect(await opened.doctor()).toEqual({ healthy: true, drifts: [] })
  rmSync(task.path, { recursive: true })

  expect((await opened.doctor()).drifts).toMatchObject([{ code: 'worktree-missing' }])
  expect((await opened.repair({ dryRun: true })).repaired).toMatchObject([{ code: 'worktree-missing' }])
  expect(existsSync(task.path)).toBe(false)
  expect((await opened.repair()).diagnosis.healthy).toBe(true)
  expect(existsSync(task.path)).toBe(true)
})
