import type { Remnants } from '@coppice/core'
import { surveyRemnants } from '@coppice/git-adapter'
import { FileLocks } from '@coppice/store'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON, PARK } from '../core/helpers/requests.js'
import { agentRuns } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

const CONFLICT =
  'git checkout -qb s; echo a > f; git add f; git commit -qm a; git checkout -q coppice/fix; echo b > f; git add f; git commit -qm b; git merge -q s || true'

function remnantsIn({ repository }: World): Promise<Remnants> {
  const locks = new FileLocks(join(repository.commonDir, 'coppice', 'locks'))
  return surveyRemnants({ repository, locks }, new Map())
}

test.each<[string, string]>([
  ['with nothing beside HEAD', 'echo c > c; git add c; git commit -qm c'],
  ['with files that are in no commit', 'echo u > u; echo x >> README.md; rm src/numbers.txt'],
  ['with something staged', 'echo s > s; git add s; echo t >> s'],
  ['with only the index changed', 'echo s > s; git add s; rm s'],
  ['with a conflict', CONFLICT],
  [
    'with what the agent told git of a path',
    'git update-index --assume-unchanged README.md; echo i > i; git add -N i',
  ],
  [
    'with a project that has files named like our own',
    'mkdir objects staged; echo o > objects/o; echo s > staged/s; echo n > index; git rm -rq README.md src; git add .',
  ],
  [
    'with ignored files that are carried along, and nothing else',
    'echo .env > .gitignore; echo .env > .worktreeinclude; git add .; git commit -qm i; echo e > .env',
  ],
  [
    'with ignored files that are carried along, at a detached HEAD, with something staged',
    'echo .env > .gitignore; echo .env > .worktreeinclude; git add .; git commit -qm i; git checkout -q --detach; git commit -q --allow-empty -m d; echo s > s; git add s; echo e > .env',
  ],
  ['at a detached HEAD', 'git checkout -q --detach; echo d > d; git add d; git commit -qm d; echo e > e'],
  ['on another branch', 'git checkout -qb other; echo d > d; git add d; git commit -qm d'],
  ['before the first commit of a branch', 'git checkout -q --orphan none; echo n > n'],
  ['before the first commit, with a clean index', 'git checkout -q --orphan none; git rm -rqf .; echo n > n'],
])('a checkpoint is put together again from the commit that pins it: %s', async (_, script) => {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, script)
  const taken = (await engine.checkpoint('fix', 'as it is'))!
  await engine.command('fix', ABANDON)
  const { tasks, odd } = await remnantsIn(world)
  // What no commit says: on which branch a HEAD was that was not at the task's.
  const branch = taken.head === taken.tip ? taken.branch : null
  expect(tasks.map(({ checkpoint }) => checkpoint)).toEqual([{ ...taken, branch }])
  expect(odd).toEqual([])
})

test('what an interrupted verification left is no worktree that was begun', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  await engine.command('fix', PARK)
  const staging = join(path, '..', '.verifying', 'fix+verify')
  user.git('worktree', 'add', '--quiet', '--detach', staging)
  writeFileSync(join(user.path, '.git/worktrees/fix+verify/coppice-task'), 'fix\n')
  expect((await remnantsIn(world)).tasks).toMatchObject([{ id: 'fix', isBegun: false, worktree: null }])
})

test('of two entries with one task’s mark the one counts whose worktree is whole', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const { path, gitDir } = await engine.create({ id: 'fix' })
  for (const name of ['a', 'z']) {
    const stale = join(user.scratch, name)
    user.git('worktree', 'add', '--quiet', '--detach', stale)
    writeFileSync(join(user.path, '.git/worktrees', name, 'coppice-task'), 'fix\n')
    rmSync(stale, { recursive: true })
  }
  expect((await remnantsIn(world)).tasks).toMatchObject([{ path, worktree: { gitDir, standing: 'whole' } }])
})
