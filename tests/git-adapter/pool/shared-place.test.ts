import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'
import { expectHealthy } from '../helpers/drift.js'
import { gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'
import { fill } from './pooled.js'

/** Two repositories that have one place for their worktrees. */
async function neighbours(): Promise<readonly [World, World]> {
  const user = makeRepository()
  const worktreesDir = join(user.scratch, 'shared')
  const other = makeRepository()
  return [await openWorld({ user, worktreesDir }), await openWorld({ user: other, worktreesDir })]
}

test('two repositories with one place for worktrees each have a pool of their own', async () => {
  const [one, other] = await neighbours()
  const [spare] = await fill(one)
  const before = { files: listing(spare!.path), entry: listing(spare!.gitDir) }

  expect(await other.workspace.spares()).toEqual([])
  const { path } = await other.engine.create({ id: 'theirs' })
  await other.workspace.tidy()
  await other.engine.repair(false)
  expect(await fill(other, { size: 2 })).toHaveLength(2)
  expect(await fill(other, { size: 0 })).toEqual([])
  await other.workspace.tidy()
  expect({ files: listing(spare!.path), entry: listing(spare!.gitDir) }).toEqual(before)
  expect(await one.workspace.spares()).toEqual([spare])
  await expectHealthy(one)
  await expectHealthy(other)

  const ours = await one.engine.create({ id: 'ours' })
  expect(await one.workspace.spares()).toEqual([])
  expect(existsSync(spare!.path)).toBe(false)
  expect(gitIn(one.user, ours.path, 'status', '--porcelain', '--branch')).toBe('## coppice/ours\n')
  expect(gitIn(other.user, path, 'status', '--porcelain', '--branch')).toBe('## coppice/theirs\n')
})

test('what one of them has not finished is left to it by the other', async () => {
  const [one, other] = await neighbours()
  const [spare] = await fill(one)
  rmSync(join(spare!.gitDir, 'coppice-spare'))
  await other.workspace.tidy()
  await fill(other)
  expect(existsSync(join(spare!.path, 'README.md'))).toBe(true)
  await one.workspace.tidy()
  expect(existsSync(spare!.path) || existsSync(spare!.gitDir)).toBe(false)
  expect(await other.workspace.spares()).toHaveLength(1)
})
