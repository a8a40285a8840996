import { openFileLog } from '@coppice/store'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../../helpers/repository.js'
import { gitIn } from '../helpers/tree.js'
import { startWorker } from '../helpers/worker.js'
import { openWorld, type World } from '../helpers/world.js'
import { expectTidy, expectWhole, fill, inodeOf } from './pooled.js'

const COUNT = 8

/** That each task has a worktree of its own, and so many of them were ready ones. */
async function expectEachItsOwn(world: World, inodes: readonly bigint[]): Promise<void> {
  const tasks = world.engine.tasks()
  expect(tasks.map(({ status, attempts }) => [status, attempts])).toEqual(tasks.map(() => ['active', 0]))
  expect(new Set(tasks.map(({ gitDir }) => gitDir))).toHaveLength(COUNT)
  const found = tasks.map(({ path }) => inodeOf(path))
  expect(new Set(found)).toHaveLength(COUNT)
  expect(inodes.filter((inode) => found.includes(inode))).toEqual(inodes)
  for (const { id, path, gitDir } of tasks) {
    expect(gitIn(world.user, path, 'status', '--porcelain', '--branch')).toBe(`## coppice/${id}\n`)
    expect(gitIn(world.user, path, 'rev-parse', '--absolute-git-dir').trim()).toBe(gitDir)
  }
  await expectWhole(world, tasks[0]!.id)
  expect(world.user.git('worktree', 'list').split('\n')).toHaveLength(COUNT + 1)
  expect(world.user.git('fsck', '--strict', '--no-dangling')).toBe('')
  await expectTidy(world)
}

test.each([
  ['at their base', 'HEAD'],
  ['at another commit', 'HEAD~1'],
])('tasks that are made at once in one process share a pool of ready worktrees %s', async (_, revision) => {
  const world = await openWorld()
  const spares = await fill(world, { size: 3, revisions: [revision] })
  const inodes = spares.map(({ path }) => inodeOf(path))
  const ids = Array.from({ length: COUNT }, (__, index) => `task-${index}`)
  await Promise.all(ids.map((id) => world.engine.create({ id })))
  expect(await world.workspace.spares()).toEqual([])
  await expectEachItsOwn(world, inodes)
})

test('tasks that are made at once by as many processes share it, while others fill it', async () => {
  const user = makeRepository()
  const first = await openWorld({ user })
  const inodes = (await fill(first, { size: 3 })).map(({ path }) => inodeOf(path))
  const workers = Array.from({ length: COUNT }, (_, index) => startWorker(user, 'create', `w${index}-`, 1))
  const over = new AbortController()
  const filling = (async () => {
    while (!over.signal.aborted) await fill(first, { size: 2 })
  })()
  for (const { ended } of workers) expect(await ended).toEqual({ code: 0, stderr: '' })
  over.abort()
  await filling
  const world = await openWorld({ user, log: await openFileLog(join(user.path, '.git/coppice')) })
  const found = new Set(world.engine.tasks().map(({ path }) => inodeOf(path)))
  expect(inodes.some((inode) => found.has(inode))).toBe(true)
  await expectEachItsOwn(world, [])
  await world.engine.close()
})

test.each([
  ['the files', '.pool'],
  ['the git directories', '../repo/.git/coppice/pool'],
])(
  '%s of all ready worktrees are deleted by hand while tasks are made, and nothing is lost',
  async (_, name) => {
    const world = await openWorld()
    const directory = join(`${world.user.path}.worktrees`, name)
    await fill(world, { size: 4 })
    const ids = Array.from({ length: COUNT }, (__, index) => `task-${index}`)
    const made = ids.map((id) => world.engine.create({ id }))
    const filling = fill(world, { size: 4 }).catch(() => [])
    rmSync(directory, { recursive: true, force: true, maxRetries: 20 })
    await Promise.all(made)
    await filling
    expect(world.problems).toEqual([])
    for (const { id, path } of world.engine.tasks()) {
      expect(gitIn(world.user, path, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe(`coppice/${id}`)
    }
    expect(await fill(world, { size: 2 })).toHaveLength(2)
    await expectTidy(world)
  },
)
