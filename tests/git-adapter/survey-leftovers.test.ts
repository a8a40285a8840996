import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TaskState } from '@coppice/core'
import { expect, test } from 'vitest'
import { debrisOf } from './helpers/debris.js'
import { editedTask } from './helpers/edited.js'
import { expectFound, expectHealthy, expectRefused, expectRepaired } from './helpers/drift.js'
import { contentOf } from './helpers/tree.js'
import type { World } from './helpers/world.js'

function beside({ path }: TaskState, ...names: readonly string[]): string {
  return join(dirname(path), ...names)
}

/** What a `git worktree add` of ours leaves that is killed when it has made its entry and not yet its files. */
function begin({ user, repository }: World, staging: string): string {
  user.git('worktree', 'add', '--quiet', '--no-checkout', '--detach', staging)
  return join(repository.commonDir, 'worktrees')
}

test('a worktree that was begun and never finished is thrown away', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  begin(world, beside(task, '.making', 'fix+coppice'))

  await expectRepaired(world, 'half-made')

  expect(debrisOf(world)).toEqual([])
  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('an entry that git had only just begun is thrown away', async () => {
  const { world } = await editedTask()
  const entry = join(world.repository.commonDir, 'worktrees', 'fix+coppice1')
  mkdirSync(entry)
  writeFileSync(join(entry, 'locked'), 'initializing\n')
  writeFileSync(join(entry, 'gitdir'), '')

  await expectRepaired(world, 'half-made')

  expect(debrisOf(world)).toEqual([])
})

test('a checkout for a verification that never ended is thrown away', async () => {
  const { world, task } = await editedTask()
  begin(world, beside(task, '.verifying', 'fix+verify'))

  await expectRepaired(world, 'half-made')

  expect(debrisOf(world)).toEqual([])
})

test('what was moved to the trash is deleted, and what its links name is not', async () => {
  const { world, task } = await editedTask()
  world.user.write('mine/file', 'mine')
  const trash = beside(task, '.trash', 'fix~1')
  mkdirSync(join(trash, 'node_modules'), { recursive: true })
  symlinkSync(join(world.user.path, 'mine'), join(trash, 'node_modules', 'link'))

  await expectRepaired(world, 'trash-left')

  expect(existsSync(trash)).toBe(false)
  expect(readFileSync(join(world.user.path, 'mine', 'file'), 'utf8')).toBe('mine')
})

test('entries that were thrown away are deleted', async () => {
  const { world } = await editedTask()
  mkdirSync(join(world.repository.commonDir, 'coppice', 'trash', 'one'), { recursive: true })

  await expectRepaired(world, 'entry-trash')

  expect(debrisOf(world)).toEqual([])
})

test('what is named like ours, of a task that the log does not know, is left', async () => {
  const { world, task } = await editedTask()
  mkdirSync(beside(task, '.trash', 'other~1'), { recursive: true })
  mkdirSync(beside(task, '.making', 'other+coppice'), { recursive: true })

  await expectRefused(world, 'half-made')

  expect(await expectFound(world, 'half-made')).toHaveLength(2)
  await expectHealthy(world)
})
