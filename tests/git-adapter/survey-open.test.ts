import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryLog } from '@coppice/store'
import { expect, test } from 'vitest'
import { makeRepository } from '../helpers/repository.js'
import { fakeGit } from './helpers/fake-git.js'
import { openWorld } from './helpers/world.js'

test('opening starts as many git processes with many live tasks as with none', async () => {
  const user = makeRepository()
  const log = new MemoryLog()
  const world = await openWorld({ user, log })
  const count = join(user.scratch, 'count')
  const path = fakeGit(user.scratch, `echo git "$@" >> '${count}'\nexec git "$@"`)
  const opened = async (): Promise<number> => {
    const before = linesOf(count)
    const after = await openWorld({ user: { ...user, env: { ...user.env, PATH: path } }, log })
    await after.engine.recover()
    return linesOf(count) - before
  }
  const withNone = await opened()
  for (let number = 0; number < 12; number++) await world.engine.create({ id: `task-${number}` })

  const withMany = await opened()

  expect(withNone).toBeGreaterThan(0)
  expect(withMany).toBe(withNone)
})

function linesOf(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}
