import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { fakeGit } from '../helpers/fake-git.js'
import { agentRuns, contentOf } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** A task that changes one file, makes one and deletes one, ready to be merged. */
async function ready(user = makeRepository()): Promise<World> {
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix', base: 'main', into: 'main' })
  agentRuns(
    user,
    path,
    'echo more >> src/greeting.txt; mkdir new; echo new > new/file; rm src/numbers.txt; git add --all',
  )
  return world
}

async function expectBroughtAlong({ engine, user }: World, at = user.path): Promise<void> {
  expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(user.git('-C', at, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main')
  expect(user.git('-C', at, 'show', 'main:src/greeting.txt')).toBe('hello\nworld\nmore')
}

async function expectRefused({ engine, user }: World, at = user.path): Promise<void> {
  const content = contentOf(user, at)
  const main = user.git('rev-parse', 'main')
  const task = await engine.command('fix', mergeRequest())
  expect(task).toMatchObject({
    status: 'active',
    setback: { kind: 'rejected', reason: 'checkout-in-the-way' },
  })
  expect(contentOf(user, at)).toEqual(content)
  expect(user.git('rev-parse', 'main')).toBe(main)
}

test('a branch to which its user turns in the last moment stays where it is, and the base moves without a checkout', async () => {
  const world = await ready()
  const { user } = world
  user.git('branch', 'other')
  const other = user.git('rev-parse', 'other')
  const mark = join(user.path, '.git/coppice/landing.json')
  const meddle = `test ! -e '${mark}' || git -C '${user.path}' symbolic-ref HEAD refs/heads/other; exec sync "$@"`
  vi.stubEnv('PATH', fakeGit(user.scratch, meddle, 'sync'))
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  vi.stubEnv('PATH', user.env['PATH'])
  expect(user.git('symbolic-ref', 'HEAD')).toBe('refs/heads/other')
  expect(user.git('rev-parse', 'other')).toBe(other)
  expect(user.git('show', 'main:src/greeting.txt')).toBe('hello\nworld\nmore')
  expect(user.git('status', '--porcelain')).toBe('')
})

describe('where git cannot move the branch any more, index and files are taken back, for', () => {
  test.each(['HEAD.lock', 'refs/heads/main.lock'])('%s', async (lock) => {
    const world = await ready()
    writeFileSync(join(world.repository.commonDir, lock), '')
    await expectRefused(world)
    expect(world.user.git('status', '--porcelain')).toBe('')
    rmSync(join(world.repository.commonDir, lock))
    await expectBroughtAlong(world)
  })

  test('a file in the way that is called as git’s own messages are', async () => {
    const world = await ready()
    const name = 'would be overwritten by merge: local changes'
    agentRuns(world.user, world.engine.find('fix')!.path, `mkdir '${name}'; echo x > '${name}/x'`)
    writeFileSync(join(world.repository.commonDir, 'HEAD.lock'), '')
    await expectRefused(world)
    expect(world.user.git('status', '--porcelain')).toBe('')
  })
})

test('what looks as if git had begun to write it is still the user’s, though the engine dies before git looks', async () => {
  const world = await ready()
  const { user } = world
  user.write('new/file', 'ne')
  user.write('src/greeting.txt', '')
  rmSync(join(user.path, 'src/numbers.txt'))
  const before = contentOf(user, user.path)
  // The engine is killed when git is to look, if it comes to that.
  const engine = vi.spyOn(world.workspace, 'land')
  vi.stubEnv('PATH', fakeGit(user.scratch, 'case "$*" in *--ff-only*) exit 137;; esac; exec git "$@"'))
  await world.engine.command('fix', mergeRequest())
  vi.stubEnv('PATH', user.env['PATH'])
  expect(engine).toHaveBeenCalledTimes(1)
  await world.engine.recover()
  expect(contentOf(user, user.path)).toEqual(before)
  expect(world.engine.find('fix')?.setback).toMatchObject({
    files: ['new/file', 'src/greeting.txt', 'src/numbers.txt'],
  })
})

describe('nothing is written where a linked checkout of the base was, and now', () => {
  const inItsPlace: readonly (readonly [string, (user: TestRepository, at: string) => void])[] = [
    ['another repository is', (user, at) => user.git('init', '--quiet', at)],
    ['a link to elsewhere is', (user, at) => symlinkSync(user.path, at)],
  ]
  test.each(inItsPlace)('%s', async (_, put) => {
    const world = await ready()
    const { user } = world
    user.git('switch', '--quiet', '--detach')
    const at = join(user.scratch, 'linked')
    user.git('worktree', 'add', '--quiet', at, 'main')
    rmSync(at, { recursive: true })
    put(user, at)
    const before = contentOf(user, at)
    await world.engine.command('fix', mergeRequest())
    expect(world.engine.find('fix')).toMatchObject({ setback: { reason: 'checkout-in-the-way' } })
    expect(contentOf(user, at)).toEqual(before)
  })
})

describe('a checked-out base comes along', () => {
  test('when it is clean', async () => {
    const world = await ready()
    await expectBroughtAlong(world)
    expect(world.user.git('status', '--porcelain')).toBe('')
  })

  test('when other files in it are changed, staged or new, and those stay as they are', async () => {
    const world = await ready()
    const { user } = world
    user.write('README.md', 'my own\n')
    user.write('staged', 's')
    user.git('add', 'staged')
    user.write('untracked', 'u')
    await expectBroughtAlong(world)
    expect(
      user
        .git('status', '--porcelain')
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['M README.md', 'A  staged', '?? untracked'])
    expect(user.read('README.md')).toBe('my own\n')
  })

  test('when it is a linked worktree, also of a bare repository', async () => {
    const user = makeRepository({ bare: true })
    const checkout = join(user.scratch, 'main')
    user.git('worktree', 'add', '--quiet', checkout, 'main')
    const world = await ready(user)
    await expectBroughtAlong(world, checkout)
    expect(user.git('-C', checkout, 'status', '--porcelain')).toBe('')
  })
})

describe('a checked-out base refuses, and not a byte of it is touched,', () => {
  const cases: Readonly<Record<string, (user: TestRepository) => void>> = {
    'when the same file is changed': (user) => user.write('src/greeting.txt', 'mine\n'),
    'when the same file is staged': (user) => {
      user.write('src/greeting.txt', 'mine\n')
      user.git('add', '--all')
    },
    'when a file that goes is changed': (user) => user.write('src/numbers.txt', 'mine\n'),
    'when an untracked file is in the way': (user) => user.write('new/file', 'mine\n'),
    'when an untracked file stands where a directory is to be': (user) => user.write('new', 'mine\n'),
    'when an ignored file is in the way': (user) => {
      writeFileSync(join(user.path, '.git/info/exclude'), 'new\n')
      user.write('new/file', 'mine\n')
    },
    'in the middle of a merge': (user) => {
      user.git('checkout', '--quiet', '-b', 'side')
      user.commit('side', 's')
      user.git('checkout', '--quiet', 'main')
      user.git('merge', '--quiet', '--no-commit', '--no-ff', 'side')
    },
    'in the middle of a rebase': (user) => {
      agentRuns(user, user.path, "GIT_SEQUENCE_EDITOR='sed -i s/pick/edit/' git rebase --quiet -i HEAD~1")
    },
    'in the middle of a bisection': (user) => {
      user.git('bisect', 'start', 'HEAD', 'HEAD~2')
    },
    'when its index is locked': (user) => writeFileSync(join(user.path, '.git/index.lock'), ''),
  }

  test.each(Object.entries(cases))('%s', async (_, disturb) => {
    const world = await ready()
    disturb(world.user)
    await expectRefused(world)
  })

  test('when it is a linked worktree with changes', async () => {
    const user = makeRepository()
    user.git('checkout', '--quiet', '--detach')
    const checkout = join(user.scratch, 'elsewhere')
    user.git('worktree', 'add', '--quiet', checkout, 'main')
    const world = await ready(user)
    writeFileSync(join(checkout, 'src/greeting.txt'), 'mine\n')
    await expectRefused(world, checkout)
  })
})

test('once what was in the way is gone, the merge lands', async () => {
  const world = await ready()
  world.user.write('new/file', 'mine\n')
  await expectRefused(world)
  rmSync(join(world.user.path, 'new'), { recursive: true })
  await expectBroughtAlong(world)
})

test('a base that is checked out nowhere moves without touching any checkout', async () => {
  const user = makeRepository()
  user.git('checkout', '--quiet', '-b', 'mine')
  const world = await ready(user)
  const content = contentOf(user, user.path)
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(contentOf(user, user.path)).toEqual(content)
  expect(user.git('show', 'main:new/file')).toBe('new')
})

test('eight tasks merged at once land one after the other, and nothing is lost', async () => {
  const user = makeRepository()
  const { engine } = await openWorld({ user })
  const ids = Array.from({ length: 8 }, (_, index) => `task-${index}`)
  await Promise.all(ids.map((id) => engine.create({ id })))
  for (const id of ids) agentRuns(user, engine.find(id)!.path, `echo ${id} > ${id}`)
  const tasks = await Promise.all(ids.map((id) => engine.command(id, mergeRequest({ strategy: 'squash' }))))
  expect(tasks.map(({ status }) => status)).toEqual(ids.map(() => 'merged'))
  expect(user.git('log', '--format=%s', 'main').split('\n').slice(0, 8).toSorted()).toEqual(ids)
  expect(ids.map((id) => user.read(id))).toEqual(ids.map((id) => `${id}\n`))
  expect(user.git('status', '--porcelain')).toBe('')
})

test('a merge that landed before its fact was recorded lands once', async () => {
  const world = await ready()
  const { user, engine, workspace, log } = world
  const land = workspace.land.bind(workspace)
  workspace.land = async (task, context) => {
    await land(task, context)
    throw new Error('the process is killed here')
  }
  await expect(engine.command('fix', mergeRequest())).rejects.toThrow('killed')
  workspace.land = land
  const landed = user.git('rev-parse', 'main')
  user.commit('later', 'by the user\n')
  const successor = await openWorld({ user, log })
  await successor.engine.recover()
  expect(successor.engine.find('fix')).toMatchObject({ status: 'merged', landing: { commit: landed } })
  expect(user.git('rev-list', '--count', '--first-parent', `${landed}~1..main`)).toBe('2')
})
