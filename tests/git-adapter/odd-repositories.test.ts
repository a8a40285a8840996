import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { debrisOf } from './helpers/debris.js'
import { editedTask } from './helpers/edited.js'
import { agentRuns } from './helpers/tree.js'
import { openWorld } from './helpers/world.js'

test.each(['merge', 'squash', 'rebase'] as const)('a shallow clone takes merges: by %s', async (strategy) => {
  const origin = makeRepository()
  const user = makeRepository()
  rmSync(user.path, { recursive: true })
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${origin.path}`, user.path], {
    env: user.env,
  })
  user.git('config', 'user.name', 'A Person')
  user.git('config', 'user.email', 'person@example.invalid')
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  writeFileSync(join(path, 'new'), 'new')
  user.commit('theirs', 'theirs')
  expect(await world.engine.command('fix', mergeRequest({ strategy }))).toMatchObject({ status: 'merged' })
  expect(user.git('status', '--porcelain')).toBe('')
})

test('a checkout whose HEAD is on another name of the base goes along with it', async () => {
  const { world } = await editedTask()
  const { user, engine } = world
  user.git('symbolic-ref', 'refs/heads/master', 'refs/heads/main')
  user.git('symbolic-ref', 'HEAD', 'refs/heads/master')
  await engine.command('fix', mergeRequest())
  expect(engine.find('fix')).toMatchObject({ status: 'merged' })
  expect(user.git('status', '--porcelain')).toBe('')
})

test('a base that is checked out in a locked worktree which is away stays where it is', async () => {
  const { world } = await editedTask()
  const { user, engine } = world
  user.git('switch', '--quiet', '--detach')
  const stick = join(user.scratch, 'stick')
  user.git('worktree', 'add', '--quiet', stick, 'main')
  user.git('worktree', 'lock', stick)
  renameSync(stick, `${stick}-away`)
  const before = user.git('rev-parse', 'main')
  await engine.command('fix', mergeRequest()).catch(() => undefined)
  expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { kind: 'rejected' } })
  expect(user.git('rev-parse', 'main')).toBe(before)
})

test.each(['--squash', '-s ours', '--no-ff --no-commit'])(
  'a base whose merges git is configured to make with %s gets what was prepared and nothing else',
  async (options) => {
    const { world } = await editedTask()
    world.user.git('config', 'branch.main.mergeOptions', options)
    await world.engine.command('fix', mergeRequest())
    const { status, landing } = world.engine.find('fix')!
    expect(status).toBe('merged')
    expect(world.user.git('rev-parse', 'main')).toBe(landing?.commit)
    expect(world.user.git('status', '--porcelain')).toBe('')
  },
)

test('a commit that is gone is no branch without one: nothing is pinned in its place, and nothing taken away', async () => {
  const { world, task } = await editedTask()
  const head = world.user.git('rev-parse', 'coppice/fix')
  rmSync(join(world.repository.commonDir, 'objects', head.slice(0, 2), head.slice(2)))
  await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject({ code: 'worktree-broken' })
  await world.engine.command('fix', PARK)
  expect(world.problems).toMatchObject([{ error: { code: 'worktree-broken' } }])
  expect(world.engine.find('fix')).toMatchObject({ worktree: 'present', path: task.path })
})

test('what a merge under way would bring in is kept when its task is parked', async () => {
  const { world, task } = await editedTask()
  const { user, engine } = world
  agentRuns(
    user,
    task.path,
    'git checkout -q -b side; echo s > README.md; git add README.md; git commit -qm side',
  )
  agentRuns(
    user,
    task.path,
    'git checkout -q coppice/fix; echo m > README.md; git add README.md; git commit -qm mine',
  )
  agentRuns(user, task.path, 'git merge -q side || true')
  const side = user.git('rev-parse', 'side')
  user.git('branch', '-D', 'side')
  await engine.command('fix', PARK)
  user.git('reflog', 'expire', '--expire=now', '--all')
  user.git('gc', '--quiet', '--prune=now')
  expect(user.git('cat-file', '-t', side)).toBe('commit')
})

test('a removal that was killed while it deleted goes on, and pins none of the files that git ignores', async () => {
  const { world, task } = await editedTask('echo secret > .env; echo .env > .gitignore; echo u > u')
  await world.engine.checkpoint('fix', undefined)
  const known = world.engine.find('fix')!
  await world.log.append(
    'task/fix',
    [{ type: 'task.parked', at: known.updatedAt, data: { reason: null } }],
    known.version,
  )
  const trash = join(dirname(task.path), '.trash/fix~1.pinned')
  mkdirSync(dirname(trash))
  renameSync(task.path, trash)
  rmSync(task.gitDir!, { recursive: true })
  rmSync(join(trash, '.gitignore'))
  await world.engine.recover()
  expect(world.user.git('for-each-ref', 'refs/coppice/fix/salvaged')).toBe('')
  expect([debrisOf(world), world.problems]).toEqual([[], []])
})

test('worktrees may be made behind a link', async () => {
  const user = makeRepository()
  mkdirSync(join(user.scratch, 'elsewhere'))
  symlinkSync(join(user.scratch, 'elsewhere'), join(user.scratch, 'link'))
  const world = await openWorld({ user, worktreesDir: join(user.scratch, 'link') })
  await world.engine.create({ id: 'fix' })
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', RESUME)
  expect(world.engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
})
