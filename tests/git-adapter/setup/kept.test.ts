import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import { openWorld, type World, type WorldOptions } from '../helpers/world.js'
import { expectTidy, fill } from '../pool/pooled.js'

const PLENTY = 2 ** 30

/** A repository in which set-up makes `deps` of `lock`, and writes down each time that it does. */
async function opened(options: WorldOptions = {}): Promise<{ user: TestRepository; world: World }> {
  const user = makeRepository()
  user.write('.gitignore', 'deps/\ncache/\n')
  user.commit('lock', 'one\n')
  const ran = join(user.scratch, 'ran')
  writeFileSync(ran, '')
  const world = await openWorld({
    user,
    poolLimits: () => ({ size: 1, maxBytes: PLENTY }),
    setup: ['sh', '-c', `echo "$COPPICE_TASK" >> '${ran}'; mkdir -p deps; cp lock deps/made-of`],
    setupInputs: ['lock', 'locks'],
    keep: ['deps', 'cache/deep', 'deps/in/it'],
    ...options,
  })
  await fill(world)
  return { user, world }
}

function setUpFor(user: TestRepository): string[] {
  return readFileSync(join(user.scratch, 'ran'), 'utf8').split('\n').filter(Boolean)
}

/** A task from the pool that an agent has worked in, and that was given up then. */
async function lived({ user, world }: { user: TestRepository; world: World }, id: string, script = ':') {
  const { path } = await world.engine.create({ id })
  agentRuns(user, path, script)
  await world.engine.command(id, ABANDON)
  return world.workspace.spares()
}

test('set-up is not run again for the same files, and what it made is there', async () => {
  const at = await opened()
  const [spare] = await lived(
    at,
    'first',
    'mkdir -p cache/deep cache/other deps/in/it; echo x | tee cache/deep/x cache/other/x deps/more; rm -rf src; touch src',
  )
  expect(spare).toMatchObject({ kept: ['deps', 'cache/deep'] })
  const { path } = await at.world.engine.create({ id: 'second' })
  expect(setUpFor(at.user)).toEqual(['first'])
  expect(readFileSync(join(path, 'deps', 'made-of'), 'utf8')).toBe('one\n')
  expect(readdirSync(join(path, 'cache'))).toEqual(['deep'])
  expect(gitIn(at.user, path, 'status', '--porcelain')).toBe('')
  await at.world.engine.command('second', ABANDON)
  await at.world.engine.create({ id: 'third' })
  expect(setUpFor(at.user)).toEqual(['first'])
  await expectTidy(at.world)
})

test('at another base it is run only where the files are others', async () => {
  const at = await opened()
  await lived(at, 'first')
  at.user.commit('src/other', 'no input\n')
  await lived(at, 'second')
  expect(setUpFor(at.user)).toEqual(['first'])
  at.user.commit('lock', 'two\n')
  await lived(at, 'third')
  expect(setUpFor(at.user)).toEqual(['first', 'third'])
  at.user.commit('locks/more', 'more\n')
  await lived(at, 'fourth')
  expect(setUpFor(at.user)).toEqual(['first', 'third', 'fourth'])
})

test.each([
  ['changed one of the files', 'echo two > lock'],
  ['changed one of them, and changed it back', 'sleep 1.1; cp lock was; echo two > lock; cp was lock'],
  ['made one of them', 'mkdir locks; echo two > locks/two'],
  ['committed another one', 'echo two > lock; git commit -qam two'],
  ['deleted what it made', 'rm -r deps'],
  ['put a link in its place', 'rm -r deps; ln -s /tmp deps'],
])('it is run again where the last agent %s', async (_, script) => {
  const at = await opened()
  await lived(at, 'first', script)
  const { path } = await at.world.engine.create({ id: 'second' })
  expect(setUpFor(at.user)).toEqual(['first', 'second'])
  expect(readFileSync(join(path, 'deps', 'made-of'), 'utf8')).toBe('one\n')
})

test.each<[string, WorldOptions, string[]]>([
  ['no files are declared to decide what it makes', { setupInputs: [] }, ['deps']],
  ['nothing is kept', { keep: [] }, []],
  ['there is no room for it', { poolLimits: () => ({ size: 1, maxBytes: 100_000 }) }, []],
])('it is run for each task where %s', async (_, options, kept) => {
  const at = await opened(options)
  const [spare] = await lived(at, 'first', 'head -c 200000 /dev/zero > deps/large')
  expect(spare?.kept ?? []).toEqual(kept)
  await at.world.engine.create({ id: 'second' })
  expect(setUpFor(at.user)).toEqual(['first', 'second'])
})

test('it is run again where the command is another', async () => {
  const at = await opened()
  await lived(at, 'first')
  const setup = ['sh', '-c', 'test -d deps; echo other >> deps/made-of']
  const next = await openWorld({
    user: at.user,
    log: at.world.log,
    setup,
    setupInputs: ['lock', 'locks'],
    keep: ['deps', 'cache/deep'],
  })
  const { path } = await next.engine.create({ id: 'second' })
  expect(readFileSync(join(path, 'deps', 'made-of'), 'utf8')).toBe('one\nother\n')
})

test('what git does not ignore, or tracks, does not stay', async () => {
  const at = await opened({ keep: ['src', 'notes', 'deps'] })
  const [spare] = await lived(at, 'first', 'mkdir notes; echo x | tee notes/x src/untracked')
  expect(spare).toMatchObject({ kept: ['deps'] })
  at.user.commit('.gitignore', 'cache/\n')
  const { path } = await at.world.engine.create({ id: 'second' })
  expect(setUpFor(at.user)).toEqual(['first', 'second'])
  expect(gitIn(at.user, path, 'status', '--porcelain')).toBe('?? deps/\n')
  expect(existsSync(join(path, 'notes'))).toBe(false)
  expect(existsSync(join(path, 'src', 'untracked'))).toBe(false)
})

test('an agent that rewrote all of a tracked directory leaves nothing in it', async () => {
  const at = await opened({ keep: ['src'] })
  at.user.commit('.gitignore', 'src/*.log\n')
  await lived(at, 'first', 'for f in src/*; do echo x > "$f"; done; echo x > src/x.log')
  const { path } = await at.world.engine.create({ id: 'second' })
  expect(gitIn(at.user, path, 'status', '--porcelain', '--ignored')).toBe('?? deps/\n')
})

test('of a link out of the worktree nothing is kept, and nothing behind it is touched', async () => {
  const at = await opened()
  const { path } = await at.world.engine.create({ id: 'first' })
  agentRuns(at.user, path, 'rm -r deps')
  symlinkSync(at.user.path, join(path, 'deps'))
  await at.world.engine.command('first', ABANDON)
  expect(await at.world.workspace.spares()).toMatchObject([{ kept: [], setup: null }])
  expect(existsSync(join(at.user.path, 'lock'))).toBe(true)
})
