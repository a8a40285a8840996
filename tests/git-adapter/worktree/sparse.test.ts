import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { agentRuns, contentOf, gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** A filter that turns a file around, in `wide`; which has also a file that no filter owns. */
function wideRepository(): TestRepository {
  const user = makeRepository()
  user.git('config', 'filter.turn.clean', 'rev')
  user.git('config', 'filter.turn.smudge', 'rev')
  user.commit('.gitattributes', 'wide/turned filter=turn\n')
  user.commit('wide/turned', 'turn\n')
  user.commit('wide/file', 'wide\n')
  return user
}

async function sparseTask(script: string): Promise<{ readonly world: World; readonly path: string }> {
  const world = await openWorld({ user: wideRepository() })
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, `git sparse-checkout set src; ${script}`)
  return { world, path }
}

/** The ways in which a worktree goes and comes back. */
const WAYS: Readonly<Record<string, (world: World, path: string) => Promise<unknown>>> = {
  'parked and resumed': async ({ engine }) => {
    await engine.command('fix', PARK)
    await engine.command('fix', RESUME)
  },
  'abandoned and restored': async ({ engine }) => {
    await engine.command('fix', ABANDON)
    await engine.command('fix', RESTORE)
  },
  'lost and rebuilt': async ({ engine }, path) => {
    await engine.checkpoint('fix', undefined)
    rmSync(path, { recursive: true })
    await engine.recover()
  },
}

const flagsIn = (user: TestRepository, path: string): string => gitIn(user, path, 'ls-files', '-t')

describe.each(Object.entries(WAYS))('a task whose worktree an agent has made sparse, %s,', (_, comeBack) => {
  test('has all its files, and git sees to each of them', async () => {
    const { world, path } = await sparseTask('echo mine >> src/greeting.txt; git commit -qam mine')
    const { user } = world
    await comeBack(world, path)
    expect(world.problems).toEqual([])
    expect(contentOf(user, path).files).toMatchObject({
      'wide/file': 'file - wide\n',
      'wide/turned': 'file - turn\n',
      'src/greeting.txt': 'file - hello\nworld\nmine\n',
    })
    expect(flagsIn(user, path)).not.toMatch(/^S /m)
    expect(gitIn(user, path, 'status', '--porcelain')).toBe('')

    user.commit('wide/file', 'mended\n')
    agentRuns(user, path, 'git merge -q --no-edit main; echo edit >> wide/file')
    expect(gitIn(user, path, 'status', '--porcelain')).toBe(' M wide/file\n')
    agentRuns(user, path, 'git add -A; git commit -qm edit')
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(user.git('show', 'main:wide/file')).toBe('mended\nedit')
  })

  test('has what was edited outside of what it had checked out, for git to see', async () => {
    const { world, path } = await sparseTask('mkdir -p wide; echo edit > wide/file; echo new > wide/new')
    await comeBack(world, path)
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe(' M wide/file\n?? wide/new\n')
    expect(contentOf(world.user, path).files).toMatchObject({ 'wide/file': 'file - edit\n' })
  })

  test.each([
    ['nothing was done', ':'],
    ['something was', 'echo mine >> src/greeting.txt; git add src; echo more >> README.md; echo new > new'],
    ['something was outside', 'mkdir -p wide; echo edit > wide/file; echo new > wide/new; git status'],
  ])('comes back as it was where the main checkout is sparse and %s', async (__, script) => {
    const user = wideRepository()
    user.git('sparse-checkout', 'set', 'src')
    const world = await openWorld({ user })
    const { path } = await world.engine.create({ id: 'fix' })
    agentRuns(user, path, script)
    const look = (): unknown => [
      contentOf(user, path),
      flagsIn(user, path),
      gitIn(user, path, 'status', '--porcelain'),
    ]
    const before = look()
    await comeBack(world, path)
    expect(look()).toEqual(before)
    expect(world.problems).toEqual([])
  })
})

test('an executable bit outside of a sparse checkout comes back', async () => {
  const user = wideRepository()
  user.git('sparse-checkout', 'set', 'src')
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(user, path, 'mkdir -p wide; echo wide > wide/file; chmod +x wide/file')
  await WAYS['parked and resumed']!(world, path)
  expect(contentOf(user, path).files).toMatchObject({ 'wide/file': 'file x wide\n' })
})
