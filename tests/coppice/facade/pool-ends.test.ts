import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { isRunning } from '../../git-adapter/helpers/processes.js'
import { makeRepository } from '../../helpers/repository.js'
import { A_WHILE_MS, begun, leftIn, neverFilled, noteGit, opened } from '../helpers/pooled-facade.js'

test('with a size of 0, a new task costs no git process after it was made', async () => {
  const repository = makeRepository()
  const coppice = await opened(repository, { poolSize: 0 })
  const noted = noteGit(repository)
  await coppice.create({ id: 'first' })
  const made = noted().length
  await delay(A_WHILE_MS)
  expect(noted().slice(made)).toEqual([])
})

test('ends one that was asked for with a signal of its own, and nothing is left of it', async () => {
  const { repository, pid } = neverFilled()
  const coppice = await opened(repository, { poolSize: 1 })
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const filling = coppice.fillPool({ signal: controller.signal }).catch(() => null)
  const running = await begun(pid)
  await coppice.close()
  expect(isRunning(running)).toBe(false)
  await filling
  expect(leftIn(repository)).toEqual([])
}, 20_000)

test('takes another size though the configuration says it twice', async () => {
  const repository = makeRepository()
  appendFileSync(join(repository.path, '.git/config'), '[coppice]\n\tpoolSize = 1\n\tpoolSize = 3\n')
  const coppice = await opened(repository)
  expect(await coppice.pool()).toMatchObject({ size: 3 })
  await coppice.resizePool(2)
  expect(await (await opened(repository)).pool()).toMatchObject({ size: 2 })
})
