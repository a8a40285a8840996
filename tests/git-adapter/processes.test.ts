import { openRepository } from '@coppice/git-adapter'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESUME } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { fakeGit } from './helpers/fake-git.js'
import { agentRuns } from './helpers/tree.js'
import { openWorld } from './helpers/world.js'

/**
 * How many git processes each operation takes at most. A number here may fall, and rises only for a good reason. On a slow machine a
 * process that tells of objects comes to its end in the middle, and there is another.
 */
const CEILING: Readonly<Record<string, number>> = {
  find: 2,
  open: 3,
  create: 8,
  'checkpoint of changes': 10,
  'checkpoint of nothing new': 3,
  diff: 13,
  'park with changes': 16,
  resume: 6,
  'merge of changes, verified': 33,
  abandon: 12,
  'abandon with changes': 16,
  'create from the pool': 5,
}

/** What was written within a tick of the file system's clock is not built upon, so that it is looked at once more. */
const QUIET_MS = 100

test('no operation takes more git processes than it did', async () => {
  const user = makeRepository()
  const file = join(user.scratch, 'processes')
  const path = fakeGit(user.scratch, `echo "$@" >> '${file}'; exec git "$@"`)
  const counts: Record<string, number> = {}
  const counted = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    vi.stubEnv('PATH', path)
    rmSync(file, { force: true })
    const result = await work()
    const commands = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
    counts[name] = commands.length
    vi.stubEnv('PATH', user.env['PATH'])
    return result
  }
  const world = await openWorld({ user })
  await counted('find', () => openRepository(user.path))
  await counted('open', () => openWorld({ user: { ...user, env: { ...user.env, PATH: path } } }))
  await world.engine.create({ id: 'first' })
  await world.engine.command('first', ABANDON)
  const fix = await counted('create', () => world.engine.create({ id: 'fix' }))
  const edit = async (text: string): Promise<void> => {
    agentRuns(
      user,
      fix.path,
      `echo ${text} > new; echo ${text} >> README.md; git add README.md; echo x >> README.md`,
    )
    await delay(QUIET_MS)
  }
  await edit('one')
  await counted('checkpoint of changes', () => world.engine.checkpoint('fix', undefined))
  await counted('checkpoint of nothing new', () => world.engine.checkpoint('fix', undefined))
  await counted('diff', () => world.workspace.diff(fix, { color: false, stat: false }))
  await edit('two')
  await counted('park with changes', () => world.engine.command('fix', PARK))
  await counted('resume', () => world.engine.command('fix', RESUME))
  await edit('three')
  await counted('merge of changes, verified', () =>
    world.engine.command('fix', mergeRequest({ verify: ['true'] })),
  )
  await world.engine.create({ id: 'other' })
  await counted('abandon', () => world.engine.command('other', ABANDON))
  const changed = await world.engine.create({ id: 'changed' })
  agentRuns(user, changed.path, 'echo work > work')
  await delay(QUIET_MS)
  await counted('abandon with changes', () => world.engine.command('changed', ABANDON))
  const filling = { size: 1, maxBytes: 2 ** 20, revisions: ['HEAD'], wait: true }
  await world.workspace.fillPool(filling)
  await counted('create from the pool', () => world.engine.create({ id: 'taken' }))
  expect(await world.workspace.spares()).toEqual([])
  expect(world.problems).toEqual([])
  expect(Object.keys(counts)).toEqual(Object.keys(CEILING))
  const grown = Object.entries(counts).filter(([name, count]) => count > CEILING[name]!)
  expect(grown).toEqual([])
})
