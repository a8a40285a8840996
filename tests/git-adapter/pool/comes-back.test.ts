import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openCoppice, type Coppice, type Task } from 'coppice'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { useEnvironment } from '../helpers/environment.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** A repository of which a checkout takes so long that it is worth to wait for a worktree that comes back. */
function makeSlowRepository(): TestRepository {
  const user = makeRepository()
  user.commit('large', 'x'.repeat(2 ** 23))
  return user
}

const inodeOf = ({ path }: Task): number => statSync(join(path, 'README.md')).ino

async function opened(user: TestRepository, poolSize: number): Promise<Coppice> {
  useEnvironment(user.env)
  const coppice = await openCoppice({ repo: user.path, poolSize, refillPool: false })
  onTestFinished(() => coppice.close())
  return coppice
}

test('where the pool is empty, a task takes the worktree that another one has just given back', async () => {
  const coppice = await opened(makeSlowRepository(), 1)
  const inodes = new Set<number>()
  for (const id of ['first', 'second', 'third', 'fourth']) {
    const task = await coppice.create({ id })
    inodes.add(inodeOf(task))
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

test('tasks that wait for it at the same time each get one', { timeout: 60_000 }, async () => {
  const coppice = await opened(makeSlowRepository(), 2)
  let count = 0
  const tasks = (afterMs: readonly number[]): Promise<Task[]> =>
    Promise.all(
      afterMs.map(async (ms) => {
        await delay(ms)
        return coppice.create({ id: `t${++count}` })
      }),
    )
  let before = await tasks([0, 0])
  const inodes = new Set(before.map(inodeOf))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(80), { minLength: 2, maxLength: 2 }), async (afterMs) => {
      await Promise.all(before.map((task) => task.abandon()))
      before = await tasks(afterMs)
      expect(new Set(before.map(inodeOf))).toEqual(inodes)
    }),
    { numRuns: 20 },
  )
})
