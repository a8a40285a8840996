import { join } from 'node:path'
import type { MergeStrategy, TaskState } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

/** Two commits by the agent on a base that goes on with one of its own. */
const AGENT = `
  export GIT_AUTHOR_NAME='An Agent' GIT_AUTHOR_EMAIL=agent@example.invalid GIT_AUTHOR_DATE='2020-02-02T02:02:02+02:00'
  echo first >> src/greeting.txt; git commit --quiet --all --message $'Greet again\\n\\nWith a body.'
  chmod +x src/greeting.txt; ln -s greeting.txt src/link; git rm --quiet src/numbers.txt; git add --all
  git commit --quiet --message 'Link it'
`

/** The same work done with plain git in a clone, to be compared with. */
const PLAIN: Readonly<Record<MergeStrategy, string>> = {
  merge: 'git merge --quiet --no-ff --no-edit agent',
  squash: 'git merge --quiet --squash agent && git commit --quiet --message squashed',
  rebase: 'git rebase --quiet main agent && git checkout --quiet main && git merge --quiet --ff-only agent',
  ff: 'git merge --quiet --ff-only agent',
}

async function land(
  strategy: MergeStrategy,
  baseGoesOn: boolean,
): Promise<{ user: TestRepository; plain: TestRepository['git']; task: TaskState; base: string }> {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, AGENT)
  if (baseGoesOn) user.commit('other.txt', 'meanwhile\n')
  const base = user.git('rev-parse', 'main')
  const clone = join(user.scratch, 'plain')
  user.git('clone', '--quiet', user.path, clone)
  const plain = (...args: readonly string[]): string => user.git('-C', clone, ...args)
  agentRuns(
    user,
    clone,
    `git config user.name P; git config user.email p@example.invalid
     git branch agent origin/coppice/fix; ${PLAIN[strategy]}`,
  )
  return { user, plain, base, task: await engine.command('fix', mergeRequest({ strategy })) }
}

describe.each(['merge', 'squash', 'rebase'] as const)('%s', (strategy) => {
  test('lands the tree that plain git would make', async () => {
    const { user, plain, task } = await land(strategy, true)
    expect(task).toMatchObject({ status: 'merged', landing: { into: 'main', strategy } })
    expect(user.git('rev-parse', 'main')).toBe(task.landing?.commit)
    expect(user.git('rev-parse', 'main^{tree}')).toBe(plain('rev-parse', 'main^{tree}'))
    expect(user.git('status', '--porcelain')).toBe('')
  })

  test('makes a history of the same shape', async () => {
    const { user, plain, base } = await land(strategy, true)
    const shape = (git: TestRepository['git']): string =>
      git('log', '--format=%T %p', '--no-abbrev', `${base}..main`).replace(/[0-9a-f]{7,} ?/g, '*')
    expect(shape(user.git)).toBe(shape(plain))
  })
})

test('merge makes a merge commit by the user, with the task as its second parent', async () => {
  const { user, base } = await land('merge', false)
  expect(user.git('rev-list', '--parents', '--max-count=1', 'main').split(' ')).toHaveLength(3)
  expect(user.git('rev-parse', 'main^1')).toBe(base)
  expect(user.git('log', '--max-count=1', '--format=%an <%ae>|%cn|%s', 'main')).toBe(
    'A Tester <tester@example.invalid>|A Tester|Merge task fix',
  )
})

test('rebase keeps authors, dates and messages', async () => {
  const { user, base } = await land('rebase', true)
  expect(user.git('log', '--reverse', '--format=%an %ae %aI|%cn|%B', `${base}..main`)).toBe(
    'An Agent agent@example.invalid 2020-02-02T02:02:02+02:00|A Tester|Greet again\n\nWith a body.\n\n' +
      'An Agent agent@example.invalid 2020-02-02T02:02:02+02:00|A Tester|Link it',
  )
})

test('rebase leaves out what the base has already, as git rebase does', async () => {
  const { user, engine } = await openWorld()
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(
    user,
    path,
    'echo same > same; git add same; git commit -qm same; echo own > own; git add own; git commit -qm own',
  )
  const base = user.commit('same', 'same\n')
  await engine.command('fix', mergeRequest({ strategy: 'rebase' }))
  expect(user.git('log', '--format=%s', `${base}..main`)).toBe('own')
})

test('ff lands the task’s own commits where nothing else came', async () => {
  const { user, plain, task } = await land('ff', false)
  expect(task.status).toBe('merged')
  expect(user.git('rev-parse', 'main')).toBe(plain('rev-parse', 'main'))
})

test('ff is refused where the base went on', async () => {
  const { user, engine } = await openWorld()
  await engine.create({ id: 'fix' })
  const base = user.commit('other.txt', 'meanwhile\n')
  const { path } = engine.find('fix')!
  agentRuns(user, path, 'echo own > own')
  const task = await engine.command('fix', mergeRequest({ strategy: 'ff' }))
  expect(task).toMatchObject({ status: 'active', setback: { kind: 'rejected', reason: 'not-fast-forward' } })
  expect(user.git('rev-parse', 'main')).toBe(base)
})

test.each(['merge', 'squash', 'rebase', 'ff'] as const)(
  '%s takes along what was staged, unstaged and untracked',
  async (strategy) => {
    const user = makeRepository()
    const { engine } = await openWorld({ user })
    const { path } = await engine.create({ id: 'fix', title: 'Fix the greeting' })
    agentRuns(
      user,
      path,
      'echo staged > staged; git add staged; echo more >> src/greeting.txt; echo new > "un tracked"',
    )
    await engine.command('fix', mergeRequest({ strategy }))
    expect(user.git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual(
      expect.arrayContaining(['staged', 'un tracked']),
    )
    expect(user.read('src/greeting.txt')).toBe('hello\nworld\nmore\n')
    expect(user.git('log', '--format=%s', 'main')).toContain('Fix the greeting')
    expect(user.git('status', '--porcelain')).toBe('')
  },
)

test('a task that changed nothing lands at once, and the base stays where it is', async () => {
  const { user, engine } = await openWorld()
  await engine.create({ id: 'fix' })
  const base = user.commit('other.txt', 'meanwhile\n')
  expect(await engine.command('fix', mergeRequest())).toMatchObject({
    status: 'merged',
    landing: { commit: base },
  })
  expect(user.git('rev-parse', 'main')).toBe(base)
})
