import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { fill } from '../pool/pooled.js'
import { agentRuns, filesIn, gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** A repository whose user has ignored files, and a list that names some of them. */
function withIgnored(include = '.env\n/config/local.*\n'): TestRepository {
  const user = makeRepository()
  user.write('config/shared.json', '{}\n')
  user.commit('.gitignore', '.env\nconfig/local.*\nbuild/\n.worktreeinclude\n')
  writeFileSync(join(user.path, '.worktreeinclude'), include)
  writeFileSync(join(user.path, '.env'), 'TOKEN=1\n', { mode: 0o600 })
  writeFileSync(join(user.path, 'config', 'local.json'), '{"port":1}\n')
  symlinkSync('local.json', join(user.path, 'config', 'local.link'))
  mkdirSync(join(user.path, 'build'))
  writeFileSync(join(user.path, 'build', 'out'), 'out\n')
  return user
}

const CARRIED = ['.env', 'config/local.json', 'config/local.link']

function ignoredIn({ user }: World, path: string): string[] {
  const listed = gitIn(user, path, 'ls-files', '-z', '--others', '--ignored', '--exclude-standard')
  return listed.split('\0').filter(Boolean).toSorted()
}

async function made(user: TestRepository, isPooled = false): Promise<{ world: World; path: string }> {
  const world = await openWorld({ user })
  if (isPooled) await fill(world)
  const { path } = await world.engine.create({ id: 'fix' })
  expect(await world.workspace.spares()).toEqual([])
  return { world, path }
}

describe.each([
  ['made anew', false],
  ['from the pool', true],
])('a new worktree that is %s', (_, isPooled) => {
  test('has the ignored files that the list in the main checkout names, and no others', async () => {
    const { world, path } = await made(withIgnored(), isPooled)
    expect(ignoredIn(world, path)).toEqual(CARRIED)
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('TOKEN=1\n')
    expect(lstatSync(join(path, '.env')).mode & 0o777).toBe(0o600)
    expect(readlinkSync(join(path, 'config', 'local.link'))).toBe('local.json')
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('')
  })
})

test('files that are not ignored where the task begins stay where they are, for a merge would have them', async () => {
  const user = makeRepository()
  const base = user.git('rev-parse', 'HEAD')
  user.commit('.gitignore', '.env\n')
  writeFileSync(join(user.path, '.worktreeinclude'), '.env\nnotes\n')
  for (const name of ['.env', 'notes']) writeFileSync(join(user.path, name), name)
  const world = await openWorld({ user })
  const old = await world.engine.create({ id: 'old', base })
  const now = await world.engine.create({ id: 'now' })
  expect(existsSync(join(old.path, '.env'))).toBe(false)
  expect(gitIn(user, old.path, 'status', '--porcelain')).toBe('')
  expect([existsSync(join(now.path, '.env')), existsSync(join(now.path, 'notes'))]).toEqual([true, false])
})

test('nothing is written over or through a link, and nothing into a file’s place', async () => {
  const user = makeRepository()
  const outside = join(user.scratch, 'outside')
  mkdirSync(outside)
  symlinkSync(outside, join(user.path, 'link'))
  user.write('file', 'tracked\n')
  user.commit('plain', 'a file\n')
  const base = user.git('rev-parse', 'HEAD')
  user.git('rm', '--quiet', 'link', 'plain', 'file')
  user.git('commit', '--quiet', '--message', 'directories')
  for (const name of ['link', 'plain']) {
    mkdirSync(join(user.path, name))
    writeFileSync(join(user.path, name, 'secret'), 'secret\n')
  }
  writeFileSync(join(user.path, 'file'), 'mine\n')
  writeFileSync(join(user.path, '.git', 'info', 'exclude'), 'link/\nplain/\nfile\n')
  writeFileSync(join(user.path, '.worktreeinclude'), 'secret\nfile\n')
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix', base })
  expect(filesIn(outside)).toEqual({})
  expect(readFileSync(join(path, 'plain'), 'utf8')).toBe('a file\n')
  expect(readFileSync(join(path, 'file'), 'utf8')).toBe('tracked\n')
})

test('they are pinned with the rest, come back, and are no part of a merge', async () => {
  const user = withIgnored()
  user.git('add', '--force', '.worktreeinclude')
  user.git('commit', '--quiet', '--message', 'list')
  const { world, path } = await made(user)
  agentRuns(user, path, 'echo TOKEN=2 > .env; echo work > work')
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', RESUME)
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('TOKEN=2\n')
  await world.engine.command('fix', mergeRequest({ verify: ['grep', 'TOKEN=1', '.env'] }))
  expect(world.engine.find('fix')?.status).toBe('merged')
  expect(user.git('ls-tree', '--name-only', 'main').split('\n')).not.toContain('.env')
})

test('a worktree that is made anew because it was lost has them too', async () => {
  const { world, path } = await made(withIgnored())
  agentRuns(world.user, world.user.path, `rm -rf '${path}'`)
  await world.engine.recover()
  expect(ignoredIn(world, path)).toEqual(CARRIED)
})

test('where the list is the user’s alone, they are brought again when the task is resumed', async () => {
  const { world, path } = await made(withIgnored())
  agentRuns(world.user, path, 'echo TOKEN=2 > .env; echo work > work')
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', RESUME)
  expect(ignoredIn(world, path)).toEqual(CARRIED)
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('TOKEN=1\n')
})

test('worktrees within the checkout are no part of it', async () => {
  const user = withIgnored()
  user.commit('.gitignore', '.env\n.trees/\n.worktreeinclude\n')
  const world = await openWorld({ user, worktreesDir: '.trees' })
  await world.engine.create({ id: 'one' })
  const { path } = await world.engine.create({ id: 'two' })
  expect(ignoredIn(world, path)).toEqual(['.env'])
})

test('a bare repository has nothing to carry in', async () => {
  const user = makeRepository({ bare: true })
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  expect(ignoredIn(world, path)).toEqual([])
})

test.each([
  ['a list that is too long', 'include-list-too-long', (user: TestRepository) => tooLong(user)],
  ['a file whose path is too long', 'include-failed', (user: TestRepository) => deep(user)],
])('%s is an error that says so', async (_, code, spoil) => {
  const user = withIgnored()
  spoil(user)
  const world = await openWorld({ user })
  await expect(world.engine.create({ id: 'fix' })).rejects.toMatchObject({ reason: { code } })
  expect(existsSync(join(user.scratch, 'repo.worktrees'))).toBe(false)
})

function tooLong(user: TestRepository): void {
  writeFileSync(join(user.path, '.worktreeinclude'), 'x\n'.repeat(40_000))
}

/** A path that the checkout can just have, and the longer one of a worktree cannot. */
function deep(user: TestRepository): void {
  const room = 4_090 - user.path.length
  const names = Array.from({ length: Math.ceil(room / 200) }, () => 'd'.repeat(199))
  const path = join('config', ...names).slice(0, room - '/local.x'.length)
  agentRuns(user, user.path, `mkdir -p '${path}'; cd '${path}'; echo > .env`)
}
