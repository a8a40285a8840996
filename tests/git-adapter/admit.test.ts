import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listing } from '../helpers/listing.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { openWorld, type World } from './helpers/world.js'

function gitDirOf({ repository }: World): Record<string, string> {
  return listing(repository.commonDir)
}

describe('a task starts', () => {
  test('from what is checked out, and is to land there', async () => {
    const world = await openWorld()
    const head = world.user.git('rev-parse', 'HEAD')
    expect(await world.workspace.admit({ id: 'fix' })).toEqual({
      title: null,
      base: { ref: 'main', commit: head },
      into: 'main',
      branch: 'coppice/fix',
      path: join(world.user.scratch, 'repo.worktrees/fix'),
    })
  })

  test('from what is checked out in the linked worktree that it was asked for in', async () => {
    const user = makeRepository()
    const linked = join(user.scratch, 'linked')
    user.git('worktree', 'add', '--quiet', '-b', 'side', linked)
    const world = await openWorld({ user, from: linked })
    expect(await world.workspace.admit({ id: 'fix' })).toMatchObject({ base: { ref: 'side' }, into: 'side' })
  })

  test('from a branch, which it is to land on, under its short and its full name', async () => {
    const world = await openWorld()
    world.user.git('branch', 'release', 'HEAD~1')
    const commit = world.user.git('rev-parse', 'release')
    for (const base of ['release', 'refs/heads/release']) {
      const admitted = await world.workspace.admit({ id: 'fix', base })
      expect(admitted).toMatchObject({ base: { ref: base, commit }, into: 'release' })
    }
  })

  test('from a tag, a commit or a remote branch, with no branch to land on', async () => {
    const origin = makeRepository({ bare: true })
    const world = await openWorld()
    world.user.git('remote', 'add', 'origin', origin.path)
    world.user.git('fetch', '--quiet', 'origin')
    world.user.git('tag', '--annotate', '--message', 'one', 'v1')
    const commit = world.user.git('rev-parse', 'HEAD')
    for (const base of ['v1', commit, commit.slice(0, 10), 'HEAD~1', 'main~1', 'main^0', 'origin/main']) {
      const expected = world.user.git('rev-parse', `${base}^{commit}`)
      const admitted = await world.workspace.admit({ id: 'fix', base })
      expect(admitted).toMatchObject({ base: { ref: base, commit: expected }, into: null })
    }
  })

  test('from the tag where a tag and a branch have one name, as everywhere in git', async () => {
    const world = await openWorld()
    const { user } = world
    user.git('branch', 'release')
    user.git('tag', 'release', 'HEAD~1')
    const commit = user.git('rev-parse', 'HEAD~1')
    expect(await world.workspace.admit({ id: 'fix', base: 'release' })).toMatchObject({
      base: { commit },
      into: null,
    })
  })

  test('from a detached HEAD, with no branch to land on but the one that is named', async () => {
    const world = await openWorld()
    world.user.git('checkout', '--quiet', '--detach', 'HEAD~1')
    expect(await world.workspace.admit({ id: 'fix' })).toMatchObject({ base: { ref: 'HEAD' }, into: null })
    expect(await world.workspace.admit({ id: 'fix', into: 'main' })).toMatchObject({ into: 'main' })
  })
})

describe('a request that cannot be met is refused and leaves nothing behind:', () => {
  const expectRefused = async (
    world: World,
    request: Parameters<World['engine']['create']>[0],
    error: object,
  ) => {
    const before = listing(world.user.scratch)
    await expect(world.engine.create(request)).rejects.toMatchObject(error)
    expect(listing(world.user.scratch)).toEqual(before)
  }

  test('in a repository without a commit', async () => {
    const world = await openWorld({ user: makeRepository({ empty: true }) })
    await expectRefused(world, { id: 'fix' }, { code: 'empty-repository' })
  })

  test.each([
    'nope',
    '-x',
    '--all',
    'HEAD~99',
    'HEAD:README.md',
    'origin/main',
    '',
    'a b',
    'main..main',
    'refs/heads/',
    '\n',
  ])('the base %j', async (base) => {
    await expectRefused(await openWorld(), { id: 'fix', base }, { code: 'base-not-found', ref: base })
  })

  test.each(['nope', '-x', 'HEAD', 'HEAD~1', 'v1', '', 'refs/heads/main', 'main^{tree}', 'main\nmain'])(
    'the target %j',
    async (into) => {
      const world = await openWorld()
      world.user.git('tag', 'v1')
      await expectRefused(world, { id: 'fix', into }, { code: 'target-not-found', branch: into })
    },
  )

  test('a branch of the name exists', async () => {
    const world = await openWorld()
    world.user.git('branch', 'coppice/fix')
    await expectRefused(world, { id: 'fix' }, { code: 'branch-exists', branch: 'coppice/fix' })
  })

  test('a branch stands where the directory of branches would be, or the other way round', async () => {
    const world = await openWorld()
    world.user.git('branch', 'coppice')
    await expectRefused(world, { id: 'fix' }, { code: 'branch-exists', branch: 'coppice' })
    const other = await openWorld({ user: withBranch('coppice/fix/part') })
    await expectRefused(other, { id: 'fix' }, { code: 'branch-exists', branch: 'coppice/fix' })
  })

  test.each(['directory', 'file'])('a %s stands at the path', async (kind) => {
    const world = await openWorld()
    const path = join(world.user.scratch, 'repo.worktrees/fix')
    mkdirSync(join(world.user.scratch, 'repo.worktrees'))
    if (kind === 'file') writeFileSync(path, '')
    else mkdirSync(path)
    await expectRefused(world, { id: 'fix' }, { code: 'path-occupied', path })
  })

  test('a file stands where the directory of all worktrees would be', async () => {
    const world = await openWorld()
    const path = join(world.user.scratch, 'repo.worktrees')
    writeFileSync(path, '')
    await expectRefused(world, { id: 'fix' }, { code: 'path-occupied', path })
  })
})

test('looking at a repository changes nothing in it', async () => {
  const world = await openWorld()
  const before = gitDirOf(world)
  await world.workspace.admit({ id: 'fix', base: 'main' })
  expect(gitDirOf(world)).toEqual(before)
})

function withBranch(name: string): TestRepository {
  const user = makeRepository()
  user.git('branch', name)
  return user
}
