import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import type { Spare } from '@coppice/git-adapter'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'
import { debrisOf } from '../helpers/debris.js'
import { fakeGit } from '../helpers/fake-git.js'
import { expectTidy, expectWhole, fill, openPooled, poolOf } from './pooled.js'
import { openWorld, type World } from '../helpers/world.js'

type Damage = (spare: Spare, world: World) => void

/** What may become of a ready worktree so that no task can be made of it. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  'its directory is gone': ({ path }) => rmSync(path, { recursive: true }),
  'its directory is a file': ({ path }) => {
    rmSync(path, { recursive: true })
    writeFileSync(path, 'x')
  },
  'its directory is empty': ({ path }) => {
    rmSync(path, { recursive: true })
    mkdirSync(path)
  },
  'its .git file is gone': ({ path }) => rmSync(join(path, '.git')),
  'its .git file is a directory': ({ path }) => {
    rmSync(join(path, '.git'))
    mkdirSync(join(path, '.git'))
  },
  'its git directory is gone': ({ gitDir }) => rmSync(gitDir, { recursive: true }),
  'its git directory is a file': ({ gitDir }) => {
    rmSync(gitDir, { recursive: true })
    writeFileSync(gitDir, 'x')
  },
  'its git directory has no gitdir': ({ gitDir }) => rmSync(join(gitDir, 'gitdir')),
  'its git directory has an empty gitdir': ({ gitDir }) => writeFileSync(join(gitDir, 'gitdir'), ''),
  'its record is gone': ({ gitDir }) => rmSync(join(gitDir, 'coppice-spare')),
  'its record is empty': ({ gitDir }) => writeFileSync(join(gitDir, 'coppice-spare'), ''),
  'its record is garbage': ({ gitDir }) =>
    writeFileSync(join(gitDir, 'coppice-spare'), '\0\xff garbage\n'.repeat(9)),
  'its record is cut short': ({ gitDir }) => truncateSync(join(gitDir, 'coppice-spare'), 50),
  'its record ends without a line break': ({ gitDir }) => {
    const file = join(gitDir, 'coppice-spare')
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd())
  },
  'its record names another commit': ({ gitDir, settings }) =>
    writeFileSync(join(gitDir, 'coppice-spare'), `${'1'.repeat(40)} ${settings} 0\n`),
  'all that the engine knows of it is gone': (_, { repository }) =>
    rmSync(join(repository.commonDir, 'coppice', 'pool'), { recursive: true }),
  'all of the files are gone': ({ path }) => rmSync(join(path, '..'), { recursive: true }),
  'all of both is gone': ({ path, gitDir }) => {
    rmSync(join(path, '..'), { recursive: true })
    rmSync(join(gitDir, '..'), { recursive: true })
  },
}

describe.each([
  ['at its base', 'HEAD'],
  ['at another commit', 'HEAD~1'],
])('a task is made all the same where there is a ready worktree %s, and', (_, revision) => {
  test.each(Object.entries(DAMAGES))('%s', async (_what, damage) => {
    const { world, spare } = await openPooled({}, revision)
    damage(spare, world)
    await world.engine.create({ id: 'fix' })
    expect(world.problems).toEqual([])
    await expectWhole(world, 'fix')
    expect(await fill(world)).toHaveLength(1)
    await expectTidy(world)
  })
})

test('a task is made all the same where a file stands in the place of the pool', async () => {
  const { world, spare } = await openPooled()
  rmSync(join(spare.gitDir, '..'), { recursive: true })
  writeFileSync(join(spare.gitDir, '..'), 'x')
  await world.engine.create({ id: 'fix' })
  expect(world.problems).toEqual([])
  rmSync(join(spare.gitDir, '..'))
  await expectWhole(world, 'fix')
})

describe('a task is made whole where git cannot make the files of its base of those of a ready worktree, for', () => {
  const cases: Readonly<Record<string, Damage>> = {
    'there is one already that git does not know': ({ path }) =>
      writeFileSync(join(path, 'src/numbers.txt'), 'x'),
    'a directory is in the way': ({ path }) =>
      mkdirSync(join(path, 'src/numbers.txt/deep'), { recursive: true }),
    'a link to a directory is in the way': ({ path }) => {
      rmSync(join(path, 'src'), { recursive: true })
      symlinkSync('/', join(path, 'src'))
    },
    'the index is cut short': ({ gitDir }) => truncateSync(join(gitDir, 'index'), 100),
    'the index is empty': ({ gitDir }) => truncateSync(join(gitDir, 'index'), 0),
    'the index is gone': ({ gitDir }) => rmSync(join(gitDir, 'index')),
    'the index is locked': ({ gitDir }) => writeFileSync(join(gitDir, 'index.lock'), ''),
  }

  test.each(Object.entries(cases))('%s', async (_, damage) => {
    const { world, spare } = await openPooled({}, 'HEAD~1')
    damage(spare, world)
    await world.engine.create({ id: 'fix' })
    await expectWhole(world, 'fix')
  })
})

describe('what is a person’s is not touched, where', () => {
  const expectUntouched = async (replace: (spare: Spare, theirs: string) => void): Promise<void> => {
    const { world, spare } = await openPooled()
    const theirs = join(world.user.scratch, 'theirs')
    mkdirSync(theirs)
    writeFileSync(join(theirs, 'work'), 'work')
    replace(spare, theirs)
    const before = listing(theirs)
    await world.engine.create({ id: 'fix' })
    expect(listing(theirs)).toEqual(before)
    await world.workspace.tidy()
    await fill(world, { size: 0 })
    expect(listing(theirs)).toEqual(before)
    await expectWhole(world, 'fix')
    expect(listing(theirs)).toEqual(before)
    expect(await fill(world)).toHaveLength(1)
    expect(listing(theirs)).toEqual(before)
  }

  test('a link to it stands in the place of the files', () =>
    expectUntouched(({ path }, theirs) => {
      rmSync(path, { recursive: true })
      symlinkSync(theirs, path)
    }))

  test('a link to it stands there, and it has the .git file that the ready worktree had', () =>
    expectUntouched(({ path }, theirs) => {
      writeFileSync(join(theirs, '.git'), readFileSync(join(path, '.git')))
      rmSync(path, { recursive: true })
      symlinkSync(theirs, path)
    }))

  test('a link to it stands in the place of the git directory', () =>
    expectUntouched(({ gitDir }, theirs) => {
      rmSync(gitDir, { recursive: true })
      symlinkSync(theirs, gitDir)
    }))

  test('the git directory names it', () =>
    expectUntouched(({ gitDir }, theirs) => writeFileSync(join(gitDir, 'gitdir'), `${theirs}/.git\n`)))

  test('links among the files lead to it', async () => {
    const user = makeRepository()
    const theirs = join(user.scratch, 'theirs')
    mkdirSync(theirs)
    writeFileSync(join(theirs, 'work'), 'work')
    symlinkSync(theirs, join(user.path, 'link'))
    user.git('add', '--all')
    user.git('commit', '--quiet', '--message', 'a link')
    const { world } = await openPooled({ user })
    await fill(world, { size: 0 })
    expect(readFileSync(join(theirs, 'work'), 'utf8')).toBe('work')
  })
})

describe('a claim', () => {
  test('that git refuses is given up for a worktree that is made anew', async () => {
    const { world } = await openPooled({}, 'HEAD~1')
    const { user } = world
    vi.stubEnv('PATH', fakeGit(user.scratch, '[ "$1" != read-tree ] || exit 1; exec git "$@"'))
    await world.engine.create({ id: 'fix' })
    vi.stubEnv('PATH', user.env['PATH'])
    expect(poolOf(world)).toEqual([])
    await expectWhole(world, 'fix')
  })

  test('that is cancelled while files are written leaves nothing', async () => {
    const { world } = await openPooled({}, 'HEAD~1')
    const { user } = world
    const begun = join(user.scratch, 'begun')
    vi.stubEnv(
      'PATH',
      fakeGit(user.scratch, `[ "$1" != read-tree ] || { touch '${begun}'; sleep 1000; }; exec git "$@"`),
    )
    const controller = new AbortController()
    const creation = world.engine.create({ id: 'fix' }, controller.signal)
    await eventually(() => existsSync(begun))
    controller.abort(new Error('enough'))
    await expect(creation).rejects.toThrow('enough')
    vi.stubEnv('PATH', user.env['PATH'])
    expect(debrisOf(world)).toEqual([])
    expect(poolOf(world)).toEqual([])
    await expectTidy(world)
    await world.engine.create({ id: 'other' })
    await expectWhole(world, 'other')
  })

  test('is of no entry that somebody else has made meanwhile', async () => {
    const { world } = await openPooled()
    const entry = join(world.repository.commonDir, 'worktrees', 'fix+coppice')
    const mine = join(world.user.scratch, 'fix+coppice')
    world.user.git('worktree', 'add', '--quiet', '-b', 'mine', mine)
    const before = listing(entry)
    await world.engine.create({ id: 'fix' })
    expect(listing(entry)).toEqual(before)
    expect(world.user.git('-C', mine, 'status', '--porcelain')).toBe('')
    expect(world.engine.find('fix')!.gitDir).toBe(`${entry}1`)
  })
})

test('a repository that was moved goes on, and makes ready worktrees of its own', async () => {
  const { world } = await openPooled()
  const { user } = world
  const moved = join(user.scratch, 'moved')
  renameSync(user.path, moved)
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: moved, env: user.env, encoding: 'utf8' }).trim()
  const next = await openWorld({ user: { ...user, path: moved, git } })
  await next.workspace.tidy()
  await next.engine.create({ id: 'fix' })
  await expectWhole(next, 'fix')
  expect(await fill(next)).toHaveLength(1)
})
