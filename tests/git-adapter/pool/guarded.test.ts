import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import type { Spare } from '@coppice/git-adapter'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listing } from '../../helpers/listing.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { openWorld, type World } from '../helpers/world.js'
import { expectWhole, fill, openPooled } from './pooled.js'

const KIB = 1_024
const FIRST_BYTES = 3 * 4 * KIB

function writeAtHome({ env }: TestRepository, name: string, content: string): void {
  mkdirSync(join(env['HOME']!, name, '..'), { recursive: true })
  writeFileSync(join(env['HOME']!, name), content)
}

test('a failed clean-up of a fill does not keep the pool’s lock: the next fill goes on', async () => {
  const world = await openWorld()
  const [spare] = await fill(world)
  rmSync(join(spare!.gitDir, 'coppice-spare'))
  mkdirSync(join(spare!.gitDir, 'coppice-spare'))
  await fill(world).catch(() => undefined)
  rmSync(spare!.gitDir, { recursive: true, force: true })
  expect(await fill(world, { signal: AbortSignal.timeout(10_000) })).toHaveLength(1)
})

test('where a link stands in the place of `.pool` there is no pool, and tasks are made', async () => {
  const { world, spare } = await openPooled()
  const theirs = join(world.user.scratch, 'theirs')
  mkdirSync(theirs)
  rmSync(join(spare.path, '..'), { recursive: true })
  symlinkSync(theirs, join(spare.path, '..'))
  await world.engine.create({ id: 'fix' })
  expect(world.engine.find('fix')).toMatchObject({ status: 'active' })
  expect(await fill(world)).toEqual([])
  expect(readdirSync(theirs)).toEqual([])
})

test('a copy of a repository takes, counts and deletes nothing of the original’s', async () => {
  const { world, spare } = await openPooled()
  const { user } = world
  const copy = join(user.scratch, 'copy')
  execFileSync('cp', ['-a', user.path, copy])
  const before = { files: listing(spare.path), entry: listing(spare.gitDir) }
  const git = (...args: readonly string[]): string => user.git('-C', copy, ...args)
  const copied = await openWorld({ user: { ...user, path: copy, git } })
  expect(await copied.workspace.spares()).toEqual([])
  await copied.workspace.tidy()
  await copied.engine.create({ id: 'fix' })
  await fill(copied, { size: 0 })
  expect({ files: listing(spare.path), entry: listing(spare.gitDir) }).toEqual(before)
  expect(await world.workspace.spares()).toEqual([spare])
})

test('what a damaged gitdir names is not deleted', async () => {
  const { world, spare } = await openPooled()
  const named = join(world.user.scratch, 'theirs/.pool', spare.path.split('/').at(-1)!)
  mkdirSync(named, { recursive: true })
  writeFileSync(join(named, 'work'), 'work')
  writeFileSync(join(spare.gitDir, 'gitdir'), `${named}/.git\n`)
  await world.workspace.tidy()
  expect(readdirSync(named)).toEqual(['work'])
})

describe('the pool is bounded in bytes', () => {
  const bytesIn = async ({ workspace }: World): Promise<number> =>
    (await workspace.spares()).reduce((sum, { path }) => sum + sizeOf(path), 0)

  test('where a new commit has more than the one before', async () => {
    const world = await openWorld()
    await fill(world)
    world.user.commit('large', 'x'.repeat(256 * KIB))
    await fill(world, { size: 3, maxBytes: 128 * KIB })
    expect(await bytesIn(world)).toBeLessThanOrEqual(128 * KIB)
  })

  test('where a filter makes large files of small ones', async () => {
    const user = makeRepository()
    user.commit('.gitattributes', '*.big filter=big\n')
    user.commit('a.big', 'small\n')
    user.git('config', 'filter.big.smudge', `sh -c 'cat >/dev/null; head -c ${256 * KIB} /dev/zero'`)
    const world = await openWorld({ user })
    await fill(world, { size: 3, maxBytes: 128 * KIB })
    expect(await bytesIn(world)).toBeLessThanOrEqual(128 * KIB)
  })

  test('with a split index', async () => {
    const user = makeRepository()
    user.git('config', 'core.splitIndex', 'true')
    const world = await openWorld({ user })
    const spares = await fill(world, { size: 3, maxBytes: 2 * FIRST_BYTES })
    expect(spares.map(({ bytes }) => bytes)).toEqual([FIRST_BYTES, FIRST_BYTES])
  })
})

function sizeOf(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true, encoding: 'utf8' })
  const own = files.filter((each) => each.isFile() && each.name !== '.git')
  return own.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

test('ready worktrees whose attributes are not those of new tasks are replaced, and not kept for ever', async () => {
  const user = makeRepository()
  const { world } = await openPooled({ user })
  user.commit('.gitattributes', '*.txt text eol=crlf\n')
  await world.engine.create({ id: 'first' })
  await fill(world, { revisions: ['refs/heads/main'] })
  await world.engine.create({ id: 'second' })
  expect(await world.workspace.spares()).toEqual([])
})

describe('a task is made whole where of a ready worktree', () => {
  const cases: Readonly<Record<string, (spare: Spare) => void>> = {
    'a file at the top was deleted': ({ path }) => rmSync(join(path, 'README.md')),
    'a file at the top was added': ({ path }) => writeFileSync(join(path, 'added'), 'x'),
    'the index is cut short': ({ gitDir }) => truncateSync(join(gitDir, 'index'), 100),
    'the index is empty': ({ gitDir }) => truncateSync(join(gitDir, 'index'), 0),
    'the index is gone': ({ gitDir }) => rmSync(join(gitDir, 'index')),
  }
  describe.each([
    ['at its base', 'HEAD'],
    ['at another commit', 'HEAD~1'],
  ])('%s', (_, revision) => {
    test.each(Object.entries(cases))('%s', async (_what, damage) => {
      const { world, spare } = await openPooled({}, revision)
      damage(spare)
      await world.engine.create({ id: 'fix' })
      await expectWhole(world, 'fix')
    })
  })
})

test('the user’s attributes changed since, and XDG_CONFIG_HOME is empty', async () => {
  const user = makeRepository()
  user.env['XDG_CONFIG_HOME'] = ''
  const { world } = await openPooled({ user })
  writeAtHome(user, '.config/git/attributes', '*.txt text eol=crlf\n')
  await world.engine.create({ id: 'fix' })
  await expectWhole(world, 'fix')
})

test('another umask', async () => {
  const { world } = await openPooled()
  const before = process.umask(0o077)
  try {
    await world.engine.create({ id: 'fix' })
    await expectWhole(world, 'fix')
  } finally {
    process.umask(before)
  }
})
