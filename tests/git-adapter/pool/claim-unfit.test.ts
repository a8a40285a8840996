import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { makePartialClone } from '../helpers/partial-clone.js'
import { openWorld } from '../helpers/world.js'
import { expectWhole, fill, openPooled, poolOf } from './pooled.js'

/** That a task is made anew, as git makes it now, and the ready worktree stays until the pool is next filled. */
async function expectMadeAnew(
  user: TestRepository,
  change: (user: TestRepository) => void,
  revision = 'HEAD',
): Promise<void> {
  const { world, spare } = await openPooled({ user }, revision)
  change(user)
  await world.engine.create({ id: 'fix' })
  expect(await world.workspace.spares()).toEqual([spare])
  await expectWhole(world, 'fix')
}

/** Writes a file of the user's, who has it in their home. */
function writeAtHome({ env }: TestRepository, name: string, content: string): void {
  const file = join(env['HOME']!, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

describe('a worktree is made anew where git would not make of the files what it made of the ready one’s, for', () => {
  test('attributes differ between the commits', async () => {
    const user = makeRepository()
    const was = user.commit('crlf.txt', 'a\nb\n')
    user.commit('.gitattributes', '*.txt text eol=crlf\n')
    await expectMadeAnew(user, () => undefined, was)
  })

  test('attributes of a directory far down differ between the commits', async () => {
    const user = makeRepository()
    const was = user.commit('a/b/c/crlf.txt', 'a\nb\n')
    user.commit('a/b/.gitattributes', '*.txt text eol=crlf\n')
    await expectMadeAnew(user, () => undefined, was)
  })

  test('attributes were removed since', async () => {
    const user = makeRepository()
    user.write('crlf.txt', 'a\nb\n')
    const was = user.commit('.gitattributes', '*.txt text eol=crlf\n')
    user.git('rm', '--quiet', '.gitattributes')
    user.git('commit', '--quiet', '--message', 'none')
    await expectMadeAnew(user, () => undefined, was)
  })

  test.each([
    ['core.autocrlf', 'true'],
    ['core.eol', 'crlf'],
    ['core.symlinks', 'false'],
    ['core.fileMode', 'false'],
  ])('%s was configured since', async (key, value) => {
    const user = makeRepository()
    user.write('.gitattributes', 'README.md text\n')
    user.commit('more.txt', 'a\nb\n')
    await expectMadeAnew(user, ({ git }) => git('config', key, value))
  })

  test('a setting was made for all repositories of the user', async () => {
    await expectMadeAnew(makeRepository(), ({ git }) => git('config', '--global', 'core.autocrlf', 'true'))
  })

  test('a filter was configured since', async () => {
    const user = makeRepository()
    user.commit('.gitattributes', '*.txt filter=loud\n')
    await expectMadeAnew(user, ({ git }) => {
      git('config', 'filter.loud.smudge', 'tr a-z A-Z')
      git('config', 'filter.loud.clean', 'tr A-Z a-z')
    })
  })

  test('the repository’s own attributes changed since', async () => {
    await expectMadeAnew(makeRepository(), ({ write }) =>
      write('.git/info/attributes', '*.txt text eol=crlf\n'),
    )
  })

  test('the attributes file that is configured changed since', async () => {
    const user = makeRepository()
    user.git('config', 'core.attributesFile', '~/my-attributes')
    await expectMadeAnew(user, (each) => writeAtHome(each, 'my-attributes', '*.txt text eol=crlf\n'))
  })

  test('the user’s attributes changed since', async () => {
    vi.stubEnv('XDG_CONFIG_HOME', undefined)
    await expectMadeAnew(makeRepository(), (each) =>
      writeAtHome(each, '.config/git/attributes', '*.txt text eol=crlf\n'),
    )
  })
})

describe('no ready worktree is made, or taken,', () => {
  test.each([
    ['in a sparse checkout', ['core.sparseCheckout', 'true']],
    ['where each worktree has a configuration of its own', ['extensions.worktreeConfig', 'true']],
  ])('%s', async (_, setting) => {
    const user = makeRepository()
    const { world, spare } = await openPooled({ user })
    user.git('config', ...setting)
    await world.engine.create({ id: 'fix' })
    expect(await world.workspace.spares()).toEqual([spare])
    expect(await fill(world)).toEqual([])
    expect(poolOf(world)).toEqual([])
    await world.engine.create({ id: 'next' })
    expect(world.engine.tasks().map(({ status }) => status)).toEqual(['active', 'active'])
  })

  test('where a configuration only names a sparse checkout', async () => {
    const user = makeRepository()
    const { world, spare } = await openPooled({ user })
    writeFileSync(join(user.path, '.git/config'), `${user.read('.git/config')}[core]\n\tsparseCheckout\n`)
    await world.engine.create({ id: 'fix' })
    expect(await world.workspace.spares()).toEqual([spare])
    expect(await fill(world)).toEqual([])
  })

  test('in a sparse checkout that git set up, and a task has what is sparse', async () => {
    const user = makeRepository()
    const { world, spare } = await openPooled({ user })
    user.git('sparse-checkout', 'set', '--no-cone', '/README.md')
    const { path } = await world.engine.create({ id: 'fix' })
    expect(await world.workspace.spares()).toEqual([spare])
    expect(existsSync(join(path, 'README.md'))).toBe(true)
    expect(await fill(world)).toEqual([])
  })

  test('in a partial clone', async () => {
    const { user } = makePartialClone('--no-checkout')
    const world = await openWorld({ user })
    expect(await fill(world)).toEqual([])
    const { path } = await world.engine.create({ id: 'fix' })
    expect(readFileSync(join(path, 'wide/file'), 'utf8')).toBe('three\n')
  })

  test('in a repository without a commit', async () => {
    const world = await openWorld({ user: makeRepository({ empty: true }) })
    expect(await fill(world)).toEqual([])
    expect(poolOf(world)).toEqual([])
  })
})

test('what does not fit any more is replaced when the pool is next filled', async () => {
  const user = makeRepository()
  const { world, spare } = await openPooled({ user })
  user.git('config', 'core.autocrlf', 'true')
  const [next] = await fill(world)
  expect(next!.path).not.toBe(spare.path)
  expect(existsSync(spare.path) || existsSync(spare.gitDir)).toBe(false)
  await world.engine.create({ id: 'fix' })
  expect(await world.workspace.spares()).toEqual([])
  await expectWhole(world, 'fix')
})
