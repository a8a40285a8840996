import { GitWorkspace, openRepository } from '@coppice/git-adapter'
import { FileLocks } from '@coppice/store'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeRepository, makeScratch } from '../../helpers/repository.js'
import { useEnvironment } from '../helpers/environment.js'
import { fakeGit } from '../helpers/fake-git.js'

describe('a repository is found', () => {
  test('from its directory and from any below, with the same state directory', async () => {
    const { path, write, env } = makeRepository()
    useEnvironment(env)
    write('deep/er/file', 'x')
    const [top, below] = [await openRepository(path), await openRepository(join(path, 'deep/er'))]
    expect(top).toMatchObject({ commonDir: join(path, '.git'), home: path, mainWorkTree: path, bare: false })
    expect(below).toEqual({ ...top, directory: join(path, 'deep/er') })
  })

  test('from inside a linked worktree, whose HEAD is its own', async () => {
    const { path, scratch, git, env } = makeRepository()
    useEnvironment(env)
    const linked = join(scratch, 'linked')
    git('worktree', 'add', '--quiet', '-b', 'side', linked)
    expect(await openRepository(linked)).toMatchObject({
      commonDir: join(path, '.git'),
      gitDir: join(path, '.git/worktrees/linked'),
      home: path,
      mainWorkTree: path,
    })
  })

  test('when its git directory is elsewhere, with the checkout where that was asked for', async () => {
    const { path, scratch, git, env } = makeRepository()
    useEnvironment(env)
    const store = join(scratch, 'store.git')
    git('init', '--quiet', '--separate-git-dir', store)
    mkdirSync(join(path, 'deep'))
    const found = { commonDir: store, mainWorkTree: path, bare: false }
    expect(await openRepository(path)).toMatchObject(found)
    expect(await openRepository(join(path, 'deep'))).toMatchObject(found)
    expect(await openRepository(store)).toMatchObject({ ...found, mainWorkTree: null })
  })

  test('when it is bare, under a name with and without .git', async () => {
    const { path, scratch, git, env } = makeRepository({ bare: true })
    useEnvironment(env)
    expect(await openRepository(path)).toMatchObject({
      commonDir: path,
      home: join(scratch, 'repo'),
      mainWorkTree: null,
      bare: true,
    })
    git('clone', '--quiet', '--bare', path, join(scratch, 'plain'))
    expect(await openRepository(join(scratch, 'plain'))).toMatchObject({
      home: join(scratch, 'plain'),
      bare: true,
    })
  })

  test('in a directory that holds nothing but a bare repository and linked worktrees', async () => {
    const { path, scratch, git, env } = makeRepository({ bare: true })
    useEnvironment(env)
    const project = join(scratch, 'project')
    git('clone', '--quiet', '--bare', path, join(project, '.bare'))
    git('-C', join(project, '.bare'), 'worktree', 'add', '--quiet', join(project, 'main'))
    const found = await openRepository(join(project, 'main'))
    expect(found).toMatchObject({
      commonDir: join(project, '.bare'),
      home: project,
      mainWorkTree: null,
      bare: true,
    })
  })

  test('when it was made bare and its index is left, and its settings are not those of a linked worktree', async () => {
    const { path, scratch, git, env } = makeRepository()
    useEnvironment(env)
    git('worktree', 'add', '--quiet', '--detach', join(scratch, 'linked'))
    git('config', 'core.bare', 'true')
    git('config', 'coppice.verify', 'true')
    git('config', 'extensions.worktreeConfig', 'true')
    git('-C', join(scratch, 'linked'), 'config', '--worktree', 'coppice.verify', 'planted')
    for (const name of ['README.md', 'src']) rmSync(join(path, name), { recursive: true })
    const found = { bare: true, mainWorkTree: null, config: { verify: 'true' } }
    expect(await openRepository(join(scratch, 'linked'))).toMatchObject(found)
    expect(await openRepository(path)).toMatchObject(found)
  })

  test('on a path with spaces and non-ASCII letters, and through a symbolic link to it', async () => {
    const { path, scratch, env } = makeRepository({ name: 'mein Übungs projekt' })
    useEnvironment(env)
    symlinkSync(path, join(scratch, 'link'))
    const [real, linked] = [await openRepository(path), await openRepository(join(scratch, 'link'))]
    expect(real.commonDir).toBe(join(path, '.git'))
    expect(linked).toEqual(real)
  })
})

describe('what cannot be opened is refused:', () => {
  test('a directory that is in no repository', async () => {
    const scratch = makeScratch()
    useEnvironment({ GIT_CEILING_DIRECTORIES: scratch, HOME: scratch, LANG: 'de_DE.UTF-8' })
    await expect(openRepository(scratch)).rejects.toMatchObject({
      code: 'not-a-repository',
      directory: scratch,
    })
  })

  test('a directory with a line break in a name on its path', async () => {
    const { path, env } = makeRepository({ name: 'two\nlines' })
    useEnvironment(env)
    await expect(openRepository(path)).rejects.toMatchObject({
      code: 'not-a-repository',
      message: expect.stringContaining('line break') as string,
    })
  })

  test('a directory that is not there', async () => {
    const missing = join(makeScratch(), 'missing')
    await expect(openRepository(missing)).rejects.toMatchObject({
      code: 'not-a-repository',
      message: expect.stringContaining('no such directory') as string,
    })
  })

  test('a git that is too old to understand where to look', async () => {
    const { path, env, scratch } = makeRepository()
    const script = `if [ "$1" = version ]; then echo git version 2.17.1; else exec git rev-parse --git-dir; fi`
    useEnvironment({ ...env, PATH: fakeGit(scratch, script) })
    await expect(openRepository(path)).rejects.toMatchObject({
      code: 'git-too-old',
      found: '2.17.1',
      needed: '2.38',
    })
  })

  test('a machine without git', async () => {
    const { path, env, scratch } = makeRepository()
    mkdirSync(join(scratch, 'empty'))
    useEnvironment({ ...env, PATH: join(scratch, 'empty') })
    await expect(openRepository(path)).rejects.toMatchObject({ code: 'git-missing' })
  })
})

describe('work is done', () => {
  const admitted = async (version: string): Promise<unknown> => {
    const { path, env, scratch } = makeRepository()
    const script = `if [ "$1" = version ]; then echo 'git version ${version}'; else exec git "$@"; fi`
    useEnvironment({ ...env, PATH: fakeGit(scratch, script) })
    const repository = await openRepository(path)
    const locks = new FileLocks(join(repository.commonDir, 'coppice', 'locks'))
    return new GitWorkspace({ repository, locks }).admit({ id: 'fix' })
  }

  test.each(['2.38.0', '2.100.1', '3.0.0', '2.39.5 (Apple Git-154)', '2.45.1.windows.1'])(
    'with git %s',
    async (version) => {
      expect(await admitted(version)).toMatchObject({ branch: 'coppice/fix' })
    },
  )

  test.each(['2.37.9', '1.99', 'unknown'])(
    'but not with git %s, which cannot merge without a checkout',
    async (version) => {
      await expect(admitted(version)).rejects.toMatchObject({ code: 'git-too-old', needed: '2.38' })
    },
  )
})
