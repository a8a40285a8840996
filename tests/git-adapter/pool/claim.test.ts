import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { debrisOf } from '../helpers/debris.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'
import { everythingIn, expectTidy, expectWhole, fill, inodeOf, openPooled, poolOf } from './pooled.js'

/** A repository with files of every kind, and of names that need care. */
function withOddFiles(user = makeRepository()): TestRepository {
  for (const name of ['-dash', 'a b', 'line\nbreak', 'quote"', 'ü/森', '.hidden', 'deep/er/down', '*']) {
    user.write(name, `in ${name}`)
  }
  user.write('empty', '')
  user.write('run.sh', '#!/bin/sh\n')
  symlinkSync('nowhere', join(user.path, 'dangling'))
  symlinkSync('deep', join(user.path, 'linked'))
  writeFileSync(join(user.path, 'bytes'), Buffer.from([0, 255, 13, 10]))
  writeFileSync(Buffer.concat([Buffer.from(`${user.path}/latin-`), Buffer.from([0xe9])]), 'x')
  user.git('add', '--all')
  user.git('update-index', '--chmod=+x', 'run.sh')
  user.git('commit', '--quiet', '--message', 'odd files')
  user.git('reset', '--quiet', '--hard')
  return user
}

describe('a new task takes a ready worktree', () => {
  test('that cannot be told from one that git has just made', async () => {
    const { world, spare } = await openPooled({ user: withOddFiles() })
    const inode = inodeOf(spare.path)
    const { path } = await world.engine.create({ id: 'fix' })
    expect(inodeOf(path)).toBe(inode)
    expect(await world.workspace.spares()).toEqual([])
    await expectWhole(world, 'fix')
    expect(poolOf(world)).toEqual([])
    expect(debrisOf(world)).toEqual([])
  })

  test.each([
    ['a bare repository', { bare: true }],
    ['a repository on a path with spaces and other letters', { name: 'mein Übungs "projekt"' }],
  ])('in %s', async (_, options) => {
    const user = makeRepository(options)
    const { world, spare } = await openPooled({ user })
    const inode = inodeOf(spare.path)
    const { path } = await world.engine.create({ id: 'fix' })
    expect(inodeOf(path)).toBe(inode)
    await expectWhole(world, 'fix')
  })

  test('in a repository with SHA-256 object names', async () => {
    const scratch = makeRepository({ empty: true })
    scratch.git('init', '--quiet', '--object-format=sha256', '--initial-branch', 'main', '../sha')
    const path = join(scratch.scratch, 'sha')
    const git = (...args: string[]): string => scratch.git('-C', path, ...args)
    writeFileSync(join(path, 'file'), 'x')
    git('add', 'file')
    git('-c', 'user.name=x', '-c', 'user.email=x@example.invalid', 'commit', '--quiet', '-m', 'one')
    const { world, spare } = await openPooled({ user: { ...scratch, path, git } })
    const inode = inodeOf(spare.path)
    const task = await world.engine.create({ id: 'fix' })
    expect(inodeOf(task.path)).toBe(inode)
    expect(gitIn(scratch, task.path, 'status', '--porcelain', '--branch')).toBe('## coppice/fix\n')
    expect(spare.bytes).toBe(4_096)
  })

  test('whose git directory holds what that of any other task holds', async () => {
    const world = await openWorld({ user: withOddFiles() })
    const anew = await world.engine.create({ id: 'anew' })
    await fill(world)
    const taken = await world.engine.create({ id: 'taken' })
    expect(await world.workspace.spares()).toEqual([])
    // Where HEAD was before git filled it says nothing of a worktree that is new.
    const all = (gitDir: string): string[] =>
      readdirSync(gitDir, { recursive: true, encoding: 'utf8' })
        .filter((name) => name !== 'ORIG_HEAD')
        .toSorted()
    expect(all(taken.gitDir!)).toEqual(all(anew.gitDir!))
    const read = (name: string): string[] =>
      [anew, taken].map(({ gitDir, path, id }) =>
        readFileSync(join(gitDir!, name), 'utf8').replaceAll(path, '<path>').replaceAll(id, '<id>'),
      )
    for (const name of ['HEAD', 'commondir', 'gitdir', 'coppice-task', 'coppice-branch']) {
      const [one, other] = read(name)
      expect([name, other]).toEqual([name, one])
    }
    const modes = [anew, taken].map(({ gitDir, path }) =>
      [gitDir!, join(gitDir!, 'HEAD'), join(gitDir!, 'index'), path, join(path, '.git')].map(
        (each) => statSync(each).mode,
      ),
    )
    expect(modes[1]).toEqual(modes[0])
  })

  test('in which git finds nothing to mend, to prune, or to complain of', async () => {
    const { world } = await openPooled({ user: withOddFiles() })
    const { user } = world
    const { path, gitDir } = await world.engine.create({ id: 'fix' })
    const before = { files: everythingIn(path), entry: listing(gitDir!) }
    expect(user.git('worktree', 'repair')).toBe('')
    expect(user.git('worktree', 'prune', '--verbose', '--expire=now')).toBe('')
    expect({ files: everythingIn(path), entry: listing(gitDir!) }).toEqual(before)
    expect(user.git('fsck', '--strict', '--no-dangling')).toBe('')
    expect(gitIn(user, path, 'fsck', '--strict', '--no-dangling')).toBe('')
    expect(user.git('branch', '--list', 'coppice/*')).toBe('+ coppice/fix')
  })

  test('in which an agent works as in any other', async () => {
    const { world } = await openPooled()
    const { user, engine } = world
    const { path } = await engine.create({ id: 'fix' })
    agentRuns(user, path, 'echo one > one; git add one; git commit -qm one; git commit -q --amend -m two')
    agentRuns(user, path, 'echo x >> README.md; git stash -q; git stash pop -q; git checkout -q README.md')
    agentRuns(user, path, 'git switch -qc side; git switch -q -; git branch -qd side')
    agentRuns(
      user,
      path,
      'git mv README.md READ.md; git commit -qm moved; git revert -n HEAD; git reset -q --hard',
    )
    const reflog = gitIn(user, path, 'reflog', '--format=%gs').trimEnd().split('\n')
    expect(reflog).toEqual(expect.arrayContaining(['commit: one', 'commit (amend): two', 'commit: moved']))
    expect(reflog.at(-1)).toContain('fix')
    expect(gitIn(user, path, 'rev-parse', 'HEAD@{1}', 'ORIG_HEAD').split('\n')[0]).toMatch(/^[0-9a-f]{40}$/)
    expect(gitIn(user, path, 'log', '-g', '--format=%H', 'HEAD').trim().split('\n').at(-1)).toBe(
      user.git('rev-parse', 'main'),
    )
    await engine.checkpoint('fix', undefined)
    await engine.command('fix', PARK)
    await engine.command('fix', RESUME)
    expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(existsSync(path)).toBe(false)
    expect(world.problems).toEqual([])
    await expectTidy(world)
  })

  test('of several, one each, and then they are made anew', async () => {
    const world = await openWorld()
    const spares = await fill(world, { size: 2 })
    const inodes = new Set(spares.map(({ path }) => inodeOf(path)))
    const tasks = []
    for (const id of ['a', 'b', 'c']) tasks.push(await world.engine.create({ id }))
    const taken = tasks.map(({ path }) => inodes.has(inodeOf(path)))
    expect(taken).toEqual([true, true, false])
    for (const { id } of tasks) await expectWhole(world, id)
  })

  test('and its set-up runs in it', async () => {
    const { world, spare } = await openPooled({ setup: ['sh', '-c', 'echo "$COPPICE_TASK" > ready'] })
    expect(existsSync(join(spare.path, 'ready'))).toBe(false)
    const inode = inodeOf(spare.path)
    const { path } = await world.engine.create({ id: 'fix' })
    expect(inodeOf(path)).toBe(inode)
    expect(readFileSync(join(path, 'ready'), 'utf8')).toBe('fix\n')
  })

  test('once, though its set-up fails: another attempt begins with a fresh one', async () => {
    const user = makeRepository()
    const script = 'if test -e "$0"; then exit 0; else touch "$0" half; exit 1; fi'
    const { world } = await openPooled({ user, setup: ['sh', '-c', script, join(user.scratch, 'mark')] })
    await world.engine.create({ id: 'fix' })
    await expectWhole(world, 'fix')
  })
})

test('a task that is resumed leaves ready worktrees to new ones', async () => {
  const { world } = await openPooled()
  const { path } = await world.engine.create({ id: 'fix' })
  writeFileSync(join(path, 'work'), 'work')
  await world.engine.command('fix', PARK)
  await fill(world)
  await world.engine.command('fix', RESUME)
  expect(await world.workspace.spares()).toHaveLength(1)
  expect(readFileSync(join(path, 'work'), 'utf8')).toBe('work')
  await world.engine.command('fix', ABANDON)
  await expectTidy(world)
})

test('a creation that is refused takes none', async () => {
  const { world, spare } = await openPooled()
  world.user.git('branch', 'coppice/fix', 'HEAD~1')
  await expect(world.engine.create({ id: 'fix' })).rejects.toMatchObject({ code: 'branch-exists' })
  expect(await world.workspace.spares()).toEqual([spare])
  await expectTidy(world)
})

test('ready worktrees are nothing that git lists, prunes, or minds', async () => {
  const { world, spare } = await openPooled()
  const { user } = world
  const before = { files: everythingIn(spare.path), entry: listing(spare.gitDir) }
  expect(user.git('worktree', 'list').split('\n')).toHaveLength(1)
  user.git('worktree', 'prune', '--expire=now')
  user.git('worktree', 'repair')
  user.git('gc', '--quiet', '--prune=now')
  expect({ files: everythingIn(spare.path), entry: listing(spare.gitDir) }).toEqual(before)
  expect(user.git('fsck', '--strict')).toBe('')
  await expectTidy(world)
  await world.engine.repair(false)
  await world.engine.create({ id: 'fix' })
  expect(await world.workspace.spares()).toEqual([])
  await expectWhole(world, 'fix')
})
