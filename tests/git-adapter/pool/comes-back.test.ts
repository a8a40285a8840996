import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice, type Coppice, type Task } from 'coppice'
import { expect, onTestFinished, test } from 'vitest'
import { useEnvironment } from '../helpers/environment.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

async function opened(user: TestRepository, poolSize: number): Promise<Coppice> {
  useEnvironment(user.env)
  const coppice = await openCoppice({ repo: user.path, poolSize, refillPool: false })
  onTestFinished(() => coppice.close())
  return coppice
}

test('where the pool is empty, a task takes the worktree that another one has just given back', async () => {
  const coppice = await opened(makeRepository(), 1)
  const inodes = new Set<number>()
  for (const id of ['first', 'second', 'third', 'fourth']) {
    const task = await coppice.create({ id })
    inodes.add(statSync(join(task.path, 'README.md')).ino)
    await task.abandon()
  }
  expect(inodes.size).toBe(1)
})

test('where none can be used, it is made anew', async () => {
  const coppice = await opened(makeRepository(), 0)
  for (const id of ['first', 'second']) {
    const task = await coppice.create({ id })
    await task.abandon()
  }
  expect(await coppice.pool()).toMatchObject({ ready: [] })
})

test('tasks that wait for it at the same time each get one', async () => {
  const coppice = await opened(makeRepository(), 2)
  const inodeOf = ({ path }: Task): number => statSync(join(path, 'README.md')).ino
  const before = await Promise.all(['a', 'b'].map((id) => coppice.create({ id })))
  const inodes = before.map(inodeOf)
  await Promise.all(before.map((task) => task.abandon()))
  const after = await Promise.all(['c', 'd'].map((id) => coppice.create({ id })))
  expect(new Set(after.map(inodeOf))).toEqual(new Set(inodes))
})
