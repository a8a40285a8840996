import { streamOf } from '@coppice/core'
import { MemoryLog } from '@coppice/store'
import { fact } from '@coppice/testkit'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON, PARK, RESUME } from '../../core/helpers/requests.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

interface Begun {
  /** An engine whose set-up of a worktree fails. */
  readonly failing: World
  readonly path: string
}

/** A parked task that is taken up again; its engine was killed while the worktree, which stood already, was set up. */
async function begun(): Promise<Begun> {
  const log = new MemoryLog()
  const first = await openWorld({ log })
  const { path } = await first.engine.create({ id: 'fix' })
  agentRuns(first.user, path, 'echo work > work')
  const parked = await first.engine.command('fix', PARK)
  const context = { at: new Date().toISOString() }
  // What the killed engine has done, and nobody has recorded.
  await first.workspace.create(parked, context)
  const failing = await openWorld({ log, user: first.user, setup: ['false'] })
  return { failing, path }
}

test('what was written into a worktree while it was set up is pinned before it is made again', async () => {
  const { failing, path } = await begun()
  writeFileSync(join(path, 'mine'), 'mine')
  expect(await failing.engine.command('fix', RESUME)).toMatchObject({ status: 'failed' })
  expect(existsSync(path)).toBe(false)
  const refs = failing.user.git('for-each-ref', '--format=%(refname)', 'refs/coppice/fix').split('\n')
  const held = refs.map((ref) => failing.user.git('ls-tree', '-r', '--name-only', ref).split('\n'))
  expect(held.filter((names) => names.includes('mine') && names.includes('work'))).toHaveLength(1)
})

test('it is pinned, too, when the task is given up instead', async () => {
  const { failing, path } = await begun()
  const { engine, log } = failing
  await log.append(streamOf('fix'), [fact('task.resumed')], engine.find('fix')!.version)
  const next = await openWorld({ log, user: failing.user })
  writeFileSync(join(path, 'mine'), 'mine')
  await next.engine.command('fix', ABANDON)
  expect([next.problems, existsSync(path)]).toEqual([[], false])
  const { checkpoint } = next.engine.find('fix')!
  expect(next.user.git('ls-tree', '--name-only', checkpoint!.tree).split('\n')).toContain('mine')
})

test('so is what was written while it was being taken away by an engine that died', async () => {
  const { failing, path } = await begun()
  const { engine, log } = failing
  await log.append(streamOf('fix'), [fact('task.resumed')], engine.find('fix')!.version)
  const next = await openWorld({ log, user: failing.user })
  next.user.git('worktree', 'lock', path)
  await next.engine.command('fix', ABANDON)
  next.user.git('worktree', 'unlock', path)
  // What the engine did before it died.
  mkdirSync(join(path, '../.trash'))
  renameSync(path, join(path, '../.trash/fix~1'))
  writeFileSync(join(path, '../.trash/fix~1/late'), 'late')
  await next.engine.recover()
  expect(existsSync(join(path, '../.trash'))).toBe(false)
  const refs = next.user.git('for-each-ref', '--format=%(refname)', 'refs/coppice/fix').split('\n')
  const held = refs.map((ref) => next.user.git('ls-tree', '--name-only', ref).split('\n'))
  expect(held.filter((names) => names.includes('late'))).toHaveLength(1)
})

test('nothing more is pinned where nobody has written into it', async () => {
  const { failing, path } = await begun()
  const before = failing.user.git('for-each-ref', 'refs/coppice/fix')
  expect(await failing.engine.command('fix', RESUME)).toMatchObject({ status: 'failed' })
  expect(existsSync(path)).toBe(false)
  expect(failing.user.git('for-each-ref', 'refs/coppice/fix')).toBe(before)
})

test('a worktree with what nothing can pin stays where it is', async () => {
  const { failing, path } = await begun()
  mkdirSync(join(path, 'x/.git'), { recursive: true })
  writeFileSync(join(path, 'x/.git/mine'), 'mine')
  expect(await failing.engine.command('fix', RESUME)).toMatchObject({ status: 'failed' })
  expect(existsSync(join(path, 'x/.git/mine'))).toBe(true)
})
