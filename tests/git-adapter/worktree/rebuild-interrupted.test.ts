import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { debrisOf } from '../helpers/debris.js'
import { fakeGit } from '../helpers/fake-git.js'
import { agentRuns, contentOf, gitIn } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

test('what an interrupted rebuild has begun is not taken for the worktree, moved there; it is rebuilt anew', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, 'echo c > c; git add c; git commit -qm c; echo s > s; git add s; echo u > u')
  await engine.checkpoint('fix', undefined)
  const { gitDir } = engine.find('fix')!
  const before = contentOf(user, path)
  rmSync(path, { recursive: true })
  rmSync(gitDir!, { recursive: true })
  const staging = join(path, '../.making/fix+coppice')
  user.git('worktree', 'add', '--quiet', '--no-checkout', staging, 'coppice/fix')
  // Git gives the new entry the name of the old one.
  writeFileSync(join(gitDir!, 'coppice-task'), 'fix\n')
  await engine.recover()
  expect(world.problems).toEqual([])
  expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present', path, gitDir })
  expect(contentOf(user, path)).toEqual(before)
  expect(debrisOf(world)).toEqual([])
})

describe('HEAD comes back where it was, off every branch, when a rebuild is interrupted', () => {
  const fails = (condition: string): string => `${condition} && { echo 'as if killed' >&2; exit 1; }; exec`
  test.each([
    ['before the new worktree is begun', 'git', fails('test "$1 $2" = "worktree add"')],
    ['when that is begun', 'git', `test "$1 $2" = "worktree add" && { git "$@"; exit 1; }; exec`],
    ['while it is filled', 'git', fails('test "$1" = reset')],
    [
      'before it is moved to its place',
      'sync',
      fails(`case "$*" in *worktrees*|*.making*) true;; *) false;; esac`),
    ],
  ])('%s', async (_, program, script) => {
    const world = await openWorld()
    const { user, engine } = world
    const { path } = await engine.create({ id: 'fix' })
    agentRuns(user, path, 'git checkout -q --detach; echo mine > mine; git add mine; git commit -qm mine')
    const mine = gitIn(user, path, 'rev-parse', 'HEAD')
    rmSync(path, { recursive: true })
    vi.stubEnv('PATH', fakeGit(user.scratch, `${script} ${program} "$@"`, program))
    await engine.recover()
    expect(world.problems).toMatchObject([{ task: 'fix', effect: 'rebuild' }])
    vi.stubEnv('PATH', user.env['PATH'])
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
    expect(gitIn(user, path, 'rev-parse', 'HEAD')).toBe(mine)
    expect(() => gitIn(user, path, 'symbolic-ref', 'HEAD')).toThrow(/not a symbolic ref/)
    expect(gitIn(user, path, 'status', '--porcelain')).toBe('')
    expect(debrisOf(world)).toEqual([])
  })
})
