import { openFileLog } from '@coppice/store'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { debrisOf } from './helpers/debris.js'
import { openWorld } from './helpers/world.js'
import { startWorker } from './helpers/worker.js'

test(
  'thirty-two tasks are made at once in one process, and abandoned at once',
  { timeout: 60_000 },
  async () => {
    const world = await openWorld()
    const ids = Array.from({ length: 32 }, (_, index) => `task-${index}`)
    await Promise.all(ids.map((id) => world.engine.create({ id })))
    expect(world.engine.tasks().map(({ status, attempts }) => [status, attempts])).toEqual(
      ids.map(() => ['active', 0]),
    )
    expect(world.user.git('worktree', 'list').split('\n')).toHaveLength(33)
    expect(debrisOf(world)).toEqual([])
    await Promise.all(ids.map((id) => world.engine.command(id, ABANDON)))
    expect(world.problems).toEqual([])
    expect(debrisOf(world)).toEqual([])
  },
)

test(
  'thirty-two tasks are made at once by four processes, without a single failed attempt',
  { timeout: 60_000 },
  async () => {
    const user = makeRepository()
    const workers = ['a', 'b', 'c', 'd'].map((prefix) => startWorker(user, 'create', prefix, 8))
    for (const { ended } of workers) expect(await ended).toEqual({ code: 0, stderr: '' })
    const world = await openWorld({ user, log: await openFileLog(join(user.path, '.git/coppice')) })
    const made = world.engine.tasks().filter(({ status, version }) => status === 'active' && version === 2)
    expect(made).toHaveLength(32)
    expect(debrisOf(world)).toEqual([])
    await world.engine.close()
  },
)
