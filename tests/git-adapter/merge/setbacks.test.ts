import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandData, TaskState } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'
import { agentRuns, contentOf, filesIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** Lets an agent work in a task and tries to merge it; answers with the task, which must be none the worse. */
async function tryToMerge(
  world: World,
  script: string,
  wish: Partial<CommandData['task.merge']> = {},
): Promise<TaskState> {
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, script)
  const refs = user.git('for-each-ref', 'refs/heads')
  const content = contentOf(user, path)
  const checkout = filesIn(user.path)
  const task = await engine.command('fix', mergeRequest(wish))
  expect(task.status).toBe('active')
  expect(user.git('for-each-ref', 'refs/heads')).toBe(refs)
  expect(contentOf(user, path)).toEqual(content)
  expect(filesIn(user.path)).toEqual(checkout)
  return task
}

describe('a conflict', () => {
  test.each(['merge', 'squash', 'rebase'] as const)(
    'of a %s names its files, and the task goes on',
    async (strategy) => {
      const world = await openWorld()
      const { user, engine } = world
      await engine.create({ id: 'other' })
      const task = await tryToMerge(
        world,
        `git -C ${user.path} commit -q --allow-empty -m x
       printf 'ours\\n' > ${user.path}/src/greeting.txt; git -C ${user.path} commit -qam ours
       printf 'theirs\\n' > src/greeting.txt; echo fine > fine`,
        { strategy },
      )
      expect(task.setback).toEqual({ kind: 'conflicted', files: ['src/greeting.txt'], fileCount: 1 })
      agentRuns(
        user,
        task.path,
        "git add -A; git commit -qm theirs; git merge -q -X theirs main -m 'bring in main'",
      )
      expect(await engine.command('fix', mergeRequest({ strategy: 'merge' }))).toMatchObject({
        status: 'merged',
        setback: null,
      })
      expect(user.read('fine')).toBe('fine\n')
    },
  )
})

describe('a merge is refused, and nothing is touched,', () => {
  test('where the target is gone', async () => {
    const world = await openWorld()
    const task = await tryToMerge(world, 'echo x > x', { into: 'no-such-branch' })
    expect(task.setback).toMatchObject({ kind: 'rejected', reason: 'base-missing' })
  })

  test('in the middle of the agent’s own conflict', async () => {
    const world = await openWorld()
    const task = await tryToMerge(
      world,
      `git checkout -q -b side; echo one > c; git add c; git commit -qm one
       git checkout -q coppice/fix; echo two > c; git add c; git commit -qm two; git merge -q side || true`,
    )
    expect(task.setback).toMatchObject({ kind: 'rejected', reason: 'worktree-unmerged' })
  })

  test('where the task’s branch has commits that HEAD has not', async () => {
    const world = await openWorld()
    const task = await tryToMerge(
      world,
      'echo a > a; git add a; git commit -qm a; git checkout -q --detach HEAD~1; echo b > b; git add b; git commit -qm b',
    )
    expect(task.setback).toMatchObject({ kind: 'rejected', reason: 'branch-diverged' })
  })

  test('where git knows nobody that the merge could be by', async () => {
    const user = makeRepository()
    user.git('config', '--unset', 'user.name')
    const world = await openWorld({ user })
    const task = await tryToMerge(world, 'echo x > x')
    expect(task.setback).toMatchObject({ kind: 'rejected', reason: 'no-identity' })
    user.git('config', 'user.name', 'Somebody')
    expect((await world.engine.command('fix', mergeRequest())).status).toBe('merged')
  })
})

describe('a detached HEAD', () => {
  test('ahead of the branch is merged with all its commits', async () => {
    const { user, engine } = await openWorld()
    const { path } = await engine.create({ id: 'fix' })
    agentRuns(
      user,
      path,
      'git checkout -q --detach; for i in 1 2 3; do echo $i > f$i; git add .; git commit -qm $i; done',
    )
    expect((await engine.command('fix', mergeRequest())).status).toBe('merged')
    expect(['f1', 'f2', 'f3'].every((file) => existsSync(join(user.path, file)))).toBe(true)
  })
})

describe('verification', () => {
  const verify = (script: string): Partial<CommandData['task.merge']> => ({ verify: ['sh', '-c', script] })

  test('that fails leaves everything as it was and tells how it ended', async () => {
    const world = await openWorld()
    const task = await tryToMerge(world, 'echo x > x', verify('echo out; echo err >&2; exit 7'))
    expect(task.setback).toMatchObject({ reason: 'verification-failed', exitCode: 7, output: 'out\nerr\n' })
    expect(existsSync(join(world.user.scratch, 'repo.worktrees', '.verifying'))).toBe(false)
    expect(world.user.git('worktree', 'list').split('\n')).toHaveLength(2)
  })

  test('that cannot be started is a failure too', async () => {
    const task = await tryToMerge(await openWorld(), 'echo x > x', { verify: ['no-such-program'] })
    expect(task.setback).toMatchObject({ reason: 'verification-failed', exitCode: null })
  })

  test('sees exactly the tree that lands: base and task together, and nothing that git ignores', async () => {
    const { user, engine } = await openWorld()
    const { path } = await engine.create({ id: 'fix' })
    agentRuns(user, path, 'echo junk > .gitignore; echo junk > junk; echo x > x')
    user.commit('other.txt', 'meanwhile\n')
    const seen = join(user.scratch, 'seen')
    const script = `find . -name .git -prune -o -type f -print | sort > ${seen}; git write-tree >> ${seen}`
    await engine.command('fix', mergeRequest(verify(script)))
    const files = user
      .git('ls-tree', '-r', '--name-only', 'main')
      .split('\n')
      .map((file) => `./${file}`)
    const { content } = { content: filesIn(user.scratch)['seen'] }
    expect(content).toBe(`file - ${[...files, user.git('rev-parse', 'main^{tree}')].join('\n')}\n`)
  })

  test('is done again when the base moved meanwhile, on what is then to land', async () => {
    const world = await openWorld()
    const { user, engine } = world
    const { path } = await engine.create({ id: 'fix' })
    agentRuns(user, path, 'echo x > x')
    const times = join(user.scratch, 'times')
    const script = `ls >> ${times}; echo -- >> ${times}; test -e other.txt || { cd ${user.path}; echo o > other.txt; git add -A; git commit -qm o; }`
    const task = await engine.command('fix', mergeRequest(verify(script)))
    expect(task.status).toBe('merged')
    expect(filesIn(user.scratch)['times']).toBe(
      'file - README.md\nsrc\nx\n--\nREADME.md\nother.txt\nsrc\nx\n--\n',
    )
    expect(user.git('log', '--format=%s', '--first-parent', 'main').split('\n').slice(0, 2)).toEqual([
      'Merge task fix',
      'o',
    ])
  })
})

test('nothing but its own state and objects is written before a merge lands', async () => {
  const world = await openWorld()
  const before = listing(world.user.scratch)
  await tryToMerge(world, 'echo x > x', { verify: ['false'] })
  const ours =
    /^repo(\.worktrees|\/\.git\/(coppice|worktrees|objects|refs\/coppice|(logs\/)?refs\/heads\/coppice))(\/|$)/
  const left = (all: Record<string, string>): object =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !ours.test(name)))
  expect(left(listing(world.user.scratch))).toEqual(left(before))
})
