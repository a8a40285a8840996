import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
import { expect, onTestFinished, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** A parked task whose worktree somebody has locked. */
async function lockedTask(repository: TestRepository): Promise<string> {
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  writeFileSync(join(path, 'notes.txt'), 'untracked\n')
  repository.git('worktree', 'lock', '--reason', 'on a stick', path)
  const parked = await coppice(repository, ['park', 'a'])
  expect(parked).toMatchObject({ code: 0 })
  expect(parked.stderr).toContain('on a stick')
  return path
}

test('gc says which worktrees are still there and why, and nothing when there are none', async () => {
  const repository = makeRepository()
  expect(await coppiceJson(repository, ['gc'])).toEqual([])
  const path = await lockedTask(repository)
  const held = await coppice(repository, ['gc'])
  expect(held).toMatchObject({ code: 1 })
  expect(held.stdout).toMatch(/^TASK.*\na +parked/)
  expect(held.stderr).toContain('on a stick')
  repository.git('worktree', 'unlock', path)
  expect(await coppice(repository, ['gc'])).toMatchObject({ code: 0, stdout: '' })
  expect(existsSync(path)).toBe(false)
})

test('gc --force takes a worktree that is locked and in use, with all of its content pinned', async () => {
  const repository = makeRepository()
  const path = await lockedTask(repository)
  const child = spawn('sleep', ['60'], { cwd: path })
  onTestFinished(() => void child.kill())
  expect(await coppice(repository, ['gc', 'a'])).toMatchObject({ code: 1 })
  expect(await coppice(repository, ['gc', 'a', '--force'])).toMatchObject({ code: 0 })
  expect(existsSync(path)).toBe(false)
  await coppice(repository, ['resume', 'a'])
  expect(existsSync(join(path, 'notes.txt'))).toBe(true)
})

test('gc --force keeps what no checkpoint can hold', async () => {
  const repository = makeRepository()
  const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
  repository.git('init', '--quiet', join(path, 'own'))
  writeFileSync(join(path, 'own', 'work.txt'), 'work\n')
  await coppice(repository, ['park', 'a'])
  const kept = await coppice(repository, ['gc', 'a', '--force'])
  expect(kept).toMatchObject({ code: 1 })
  expect(kept.stderr).toContain('own')
  expect(existsSync(join(path, 'own', 'work.txt'))).toBe(true)
})

test('gc --force asks for the tasks that it is for', async () => {
  expect(await coppice(makeRepository(), ['gc', '--force'])).toMatchObject({ code: 2 })
})
