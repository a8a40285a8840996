import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { expectBroughtAlong, expectRefused, readyToLand } from '../helpers/landing.js'
import { agentRuns, contentOf } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

describe('a checked-out base comes along', () => {
  test('when it is clean', async () => {
    const world = await readyToLand()
    await expectBroughtAlong(world)
    expect(world.user.git('status', '--porcelain')).toBe('')
  })

  test('when other files in it are changed, staged or new, and those stay as they are', async () => {
    const world = await readyToLand()
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
    const world = await readyToLand(user)
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
    const world = await readyToLand()
    disturb(world.user)
    await expectRefused(world)
  })

  test('when it is a linked worktree with changes', async () => {
    const user = makeRepository()
    user.git('checkout', '--quiet', '--detach')
    const checkout = join(user.scratch, 'elsewhere')
    user.git('worktree', 'add', '--quiet', checkout, 'main')
    const world = await readyToLand(user)
    writeFileSync(join(checkout, 'src/greeting.txt'), 'mine\n')
    await expectRefused(world, checkout)
  })
})

test('once what was in the way is gone, the merge lands', async () => {
  const world = await readyToLand()
  world.user.write('new/file', 'mine\n')
  await expectRefused(world)
  rmSync(join(world.user.path, 'new'), { recursive: true })
  await expectBroughtAlong(world)
})

test('a base that is checked out nowhere moves without touching any checkout', async () => {
  const user = makeRepository()
  user.git('checkout', '--quiet', '-b', 'mine')
  const world = await readyToLand(user)
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
  const world = await readyToLand()
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
