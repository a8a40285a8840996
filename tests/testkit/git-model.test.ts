import {
  branchRef,
  isAncestor,
  mergeBases,
  ObjectStore,
  Refs,
  SimulatedRepository,
  SimulatedUser,
  Checkout,
  listOf,
  mergeCommits,
  pictureOf,
} from '@coppice/testkit'
import { describe, expect, test } from 'vitest'

const now = (): string => '2026-01-02T03:04:05.000Z'

function begin(): { repository: SimulatedRepository; user: SimulatedUser; main: string } {
  const repository = new SimulatedRepository()
  return { repository, user: new SimulatedUser(repository, now), main: repository.branch('main')! }
}

describe('a ref', () => {
  test('moves only from where it is thought to be', () => {
    const refs = new Refs()
    expect([
      refs.move('refs/a', 'x', 'y'),
      refs.move('refs/a', null, 'x'),
      refs.move('refs/a', null, 'y'),
    ]).toEqual([false, true, false])
    expect([refs.move('refs/a', 'x', 'y'), refs.get('refs/a')]).toEqual([true, 'y'])
    expect([refs.move('refs/a', 'x', null), refs.move('refs/a', 'y', null), refs.get('refs/a')]).toEqual([
      false,
      true,
      null,
    ])
  })

  test.each([
    ['refs/a', 'refs/a/b'],
    ['refs/a/b', 'refs/a'],
  ])('%s leaves no room for %s', (one, other) => {
    const refs = new Refs([[one, 'x']])
    expect(() => refs.move(other, null, 'y')).toThrow(one)
    expect(refs.all()).toEqual({ [one]: 'x' })
  })
})

describe('a history', () => {
  test('has its commits as ancestors, and no others', () => {
    const {
      repository: { objects },
      user,
      main,
    } = begin()
    const one = user.commit('one', { one: '1' })
    const two = user.commit('main', { two: '2' })
    const three = user.commit('main', { three: '3' })
    expect([isAncestor(objects, main, three), isAncestor(objects, three, three)]).toEqual([true, true])
    expect([isAncestor(objects, three, two), isAncestor(objects, one, three)]).toEqual([false, false])
  })

  test('that crossed another one has two commits in common with it, which are merged first', () => {
    const { repository, user, main } = begin()
    const { objects } = repository
    user.moveBranch('side', main)
    const [ours, theirs] = [user.commit('main', { a: 'ours' }), user.commit('side', { b: 'theirs' })]
    const by = { name: 'x', email: 'y', at: now() }
    const both = mergeCommits(objects, ours, theirs).files
    const [left, right] = [
      repository.commit(both, [ours, theirs], 'left\n', by),
      repository.commit(both, [theirs, ours], 'right\n', by),
    ]
    expect(mergeBases(objects, left, right).toSorted()).toEqual([ours, theirs].toSorted())
    user.moveBranch('left', left)
    user.moveBranch('right', right)
    const merged = mergeCommits(
      objects,
      user.commit('left', { a: 'changed' }),
      user.commit('right', { b: null }),
    )
    expect([merged.conflicts, listOf(merged.files)]).toEqual([
      [],
      { 'README.md': '# A project\n', a: 'changed' },
    ])
  })

  test('that has nothing in common with another one is not merged', () => {
    const objects = new ObjectStore()
    const by = { name: 'x', email: 'y', at: now() }
    const [one, other] = ['one\n', 'other\n'].map((message) =>
      objects.writeCommit({
        tree: objects.writeTree(new Map()),
        parents: [],
        message,
        author: by,
        committer: by,
      }),
    )
    expect(() => mergeCommits(objects, one!, other!)).toThrow('unrelated')
  })
})

describe('a worktree', () => {
  const open = () => {
    const { repository, user, main } = begin()
    user.moveBranch('side', main)
    user.addWorktree('/side', 'side')
    return { repository, user, main, hands: new Checkout(repository, '/side', now) }
  }

  test('commits what is staged, and nothing else', () => {
    const { repository, hands } = open()
    hands.write('staged', 'x')
    hands.stage('staged')
    hands.write('untracked', 'x')
    const commit = hands.makeCommit('add a file')
    expect(repository.branch('side')).toBe(commit)
    expect(Object.keys(listOf(repository.objects.filesAt(commit)))).toEqual(['README.md', 'staged'])
    expect(Object.keys(listOf(hands.files))).toEqual(['README.md', 'staged', 'untracked'])
  })

  test('carries changes over to another commit, unless they are in its way', () => {
    const { user, main, hands } = open()
    const ahead = user.commit('main', { other: 'x' })
    hands.write('mine', 'x')
    hands.detach(ahead)
    expect(Object.keys(listOf(hands.files))).toEqual(['README.md', 'mine', 'other'])
    hands.write('other', 'changed')
    expect(() => hands.detach(main)).toThrow('other')
    expect(hands.commit).toBe(ahead)
  })

  test('does not stand on a branch on which another one stands', () => {
    const { user, main, hands } = open()
    user.moveBranch('another', main)
    user.addWorktree('/another', 'another')
    expect(() => hands.switchTo('another')).toThrow('checked out in /another')
    expect(() => user.addWorktree('/third', 'another')).toThrow('checked out')
    expect(() => user.addWorktree('/side', 'main')).toThrow('there already')
  })

  test('leaves what was amended, and what was reset away, to its reflog alone', () => {
    const { repository, main, hands } = open()
    hands.write('a', 'x')
    hands.stage()
    const first = hands.makeCommit('one')
    const second = hands.amend('another')
    hands.reset(main)
    expect(repository.entries.get('/repo/.git/worktrees/side')?.visited).toEqual([main, first, second, main])
    expect(repository.branch('side')).toBe(main)
    expect(Object.keys(listOf(hands.files))).toEqual(['README.md'])
  })

  test('stages a file in the place of a directory, and the other way round', () => {
    const { hands } = open()
    hands.write('a/b', 'x')
    hands.stage()
    expect(() => hands.write('a', 'x')).toThrow('directory')
    hands.remove('a/b')
    hands.write('a', 'x')
    hands.stage('a')
    expect(Object.keys(listOf(hands.index))).toEqual(['README.md', 'a'])
  })
})

test('a copy of a repository goes on apart, and a picture shows the difference', () => {
  const { repository, user } = begin()
  user.moveBranch('side', repository.branch('main'))
  user.addWorktree('/side', 'side')
  const copy = repository.clone()
  expect(pictureOf(copy)).toEqual(pictureOf(repository))
  const before = pictureOf(copy)
  new Checkout(repository, '/side', now).write('a', 'x')
  repository.refs.set(branchRef('more'), repository.branch('main'))
  expect(pictureOf(copy)).toEqual(before)
  expect(pictureOf(repository)).toMatchObject({
    refs: { 'refs/heads/more': expect.stringContaining('begin') as string },
    worktrees: { '/side': { files: { a: 'x' }, staged: null } },
  })
})
