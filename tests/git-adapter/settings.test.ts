import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { setGlobally } from './helpers/global-config.js'
import { agentRuns, filesIn, gitIn } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

const excluding = (user: TestRepository, ...patterns: readonly string[]): string => {
  const file = join(user.scratch, 'excluded')
  writeFileSync(file, patterns.map((pattern) => `${pattern}\n`).join(''))
  return file
}

/** Files of a task before it was parked, and when it has come back. */
async function parked(world: World, script: string): Promise<readonly [before: object, after: object]> {
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  const before = filesIn(path)
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', RESUME)
  expect(world.problems).toEqual([])
  return [before, filesIn(path)]
}

/** Has the private git directories made, and used. */
async function first(world: World): Promise<void> {
  const { path } = await world.engine.create({ id: 'first' })
  agentRuns(world.user, path, 'echo first > first')
  await world.engine.command('first', mergeRequest())
}

describe('what git is configured to ignore', () => {
  test('counts as it is now, in an engine that was open before', async () => {
    const user = makeRepository()
    user.git('config', 'core.excludesFile', excluding(user, '*.log'))
    const world = await openWorld({ user })
    await first(world)
    user.git('config', '--unset', 'core.excludesFile')
    const [before, after] = await parked(world, 'echo precious > notes.log')
    expect(after).toEqual(before)
  })

  const set = (user: TestRepository, file: string): void => {
    user.git('config', '--file', file, 'core.excludesFile', excluding(user, 'secret.env'))
  }

  test.each<readonly [string, (user: TestRepository) => void]>([
    [
      'an included file',
      (user) => {
        set(user, join(user.path, '.git/extra'))
        user.git('config', 'include.path', 'extra')
      },
    ],
    [
      'a file that is included under a condition',
      (user) => {
        set(user, join(user.scratch, 'extra'))
        setGlobally(user, `includeIf.gitdir:${user.path}/.path`, join(user.scratch, 'extra'))
      },
    ],
    [
      'the user’s configuration',
      (user) => setGlobally(user, 'core.excludesFile', excluding(user, 'secret.env')),
    ],
  ])('is found in %s', async (_, configure) => {
    const user = makeRepository()
    configure(user)
    const world = await openWorld({ user })
    const { path } = await world.engine.create({ id: 'fix' })
    agentRuns(user, path, 'echo TOKEN > secret.env; echo x > x')
    await world.engine.command('fix', mergeRequest())
    const names = user.git('ls-tree', '--name-only', 'main').split('\n')
    expect([names.includes('x'), names.includes('secret.env')]).toEqual([true, false])
  })

  test('is not taken from what an agent says in its worktree’s own configuration', async () => {
    const user = makeRepository()
    const file = excluding(user, 'precious')
    const world = await openWorld({ user })
    const [before, after] = await parked(
      world,
      `git config extensions.worktreeConfig true
      git config --worktree core.excludesFile '${file}'; echo x > precious`,
    )
    expect(after).toEqual(before)
  })
})

test('line ends are normalised as git is configured now, in an engine that was open before', async () => {
  const world = await openWorld()
  await first(world)
  world.user.git('config', 'core.autocrlf', 'input')
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, "printf 'a\\r\\n' > text")
  await world.engine.command('fix', mergeRequest())
  expect(gitIn(world.user, world.user.path, 'cat-file', 'blob', 'main:text')).toBe('a\n')
})

describe('whatever git was told of the file system, a parked task comes back with', () => {
  const told = async (...keys: readonly (readonly [string, string])[]): Promise<World> => {
    const user = makeRepository()
    for (const [key, value] of keys) user.git('config', key, value)
    return openWorld({ user })
  }

  test('names that differ in case', async () => {
    const world = await told(['core.ignoreCase', 'true'])
    const script = 'echo precious > readme.md; mkdir SRC; echo b > SRC/Greeting.txt; echo c > SRC/new'
    const [before, after] = await parked(world, script)
    expect(after).toEqual(before)
  })

  test('executable bits and links', async () => {
    const world = await told(['core.fileMode', 'false'], ['core.symlinks', 'false'])
    const [before, after] = await parked(world, 'echo run > s; chmod +x s README.md; ln -s README.md l')
    expect(after).toEqual(before)
  })
})

describe('a merge takes as little from the files as git is configured to believe', () => {
  const merged = async (user: TestRepository, script: string): Promise<string[]> => {
    const world = await openWorld({ user })
    const { path } = await world.engine.create({ id: 'fix' })
    agentRuns(user, path, script)
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    return user.git('ls-tree', '-r', '--format=%(objectmode) %(path)', 'main').split('\n')
  }

  test('of executable bits', async () => {
    const user = makeRepository()
    user.git('config', 'core.fileMode', 'false')
    user.write('.gitattributes', '*.bat text\n')
    agentRuns(
      user,
      user.path,
      'echo a > run; git add -A; git update-index --chmod=+x run; git commit -qm run',
    )
    const script =
      "chmod +x README.md; echo new > new; printf 'a\\r\\n' > new.bat; chmod +x new*; chmod -x run; echo b > run"
    const modes = await merged(user, script)
    expect(modes).toEqual(
      expect.arrayContaining(['100644 README.md', '100644 new', '100644 new.bat', '100755 run']),
    )
  })

  test('of links', async () => {
    const user = makeRepository()
    agentRuns(user, user.path, 'ln -s README.md link; ln -s README.md other; git add -A; git commit -qm link')
    user.git('config', 'core.symlinks', 'false')
    agentRuns(user, user.path, 'rm link other; git checkout -q .')
    const modes = await merged(user, 'printf src > link; echo x > x')
    expect(modes).toEqual(expect.arrayContaining(['120000 link', '120000 other', '100644 x']))
    expect(user.git('show', 'main:link')).toBe('src')
  })
})

test.each(['raw', 'plain'])(
  'a private git directory %s that is not what it ought to be is made again',
  async (kind) => {
    const world = await openWorld()
    await first(world)
    const directory = join(world.repository.commonDir, 'coppice/git', kind)
    const whole = filesIn(directory)
    for (const file of Object.keys(whole)) {
      rmSync(join(directory, file))
      mkdirSync(join(directory, '..', kind), { recursive: true })
      writeFileSync(join(directory, file), '* text\n')
      const { path } = await world.engine.create({ id: `after-${file.replaceAll('/', '-').toLowerCase()}` })
      agentRuns(world.user, path, `printf 'a\\r\\n' > '${file.replaceAll('/', '-')}'`)
      expect(await world.engine.command(path.split('/').at(-1)!, mergeRequest())).toMatchObject({
        status: 'merged',
      })
      expect(filesIn(directory)).toEqual(whole)
    }
    expect(readFileSync(join(directory, 'config'), 'utf8')).toContain('sparseCheckout')
  },
)
