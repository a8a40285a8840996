import { mergeFiles, ObjectStore, treeIdOf, type Files } from '@coppice/testkit'
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { arbitraryFiles, changedFiles } from './helpers/arbitrary-files.js'
import { writeTree } from './helpers/write-tree.js'

const sides = arbitraryFiles.chain((base) =>
  fc.tuple(fc.constant(base), changedFiles(base), changedFiles(base)),
)

test('trees have the ids that git gives them', () => {
  const user = makeRepository()
  fc.assert(
    fc.property(arbitraryFiles, (files) => treeIdOf(files) === writeTree(user, files)),
    { numRuns: 30 },
  )
})

test('commits have the ids that git gives them', () => {
  const { git } = makeRepository()
  const objects = new ObjectStore()
  const signature = { name: 'A Tester', email: 'tester@example.invalid', at: '2026-01-02T03:04:05.678Z' }
  const tree = objects.writeTree(new Map())
  const message = 'über\n\nand a body\n'
  const first = objects.writeCommit({ tree, parents: [], message, author: signature, committer: signature })
  const second = objects.writeCommit({
    tree,
    parents: [first],
    message,
    author: signature,
    committer: signature,
  })
  const environment = ['GIT_AUTHOR_DATE', 'GIT_COMMITTER_DATE'].map((name) => `${name}=${signature.at}`)
  const commitTree = (...parents: readonly string[]): string =>
    git(
      '-c',
      `alias.dated=!env ${environment.join(' ')} git commit-tree`,
      'dated',
      tree,
      ...parents,
      '-m',
      'über',
      '-m',
      'and a body',
    )
  git('mktree', '--batch')
  expect([commitTree(), commitTree('-p', first)]).toEqual([first, second])
})

test('a merge comes to the tree, or to the conflicts, that git’s comes to', () => {
  const user = makeRepository()
  fc.assert(
    fc.property(sides, ([base, ours, theirs]) => {
      const { files, conflicts } = mergeFiles(base, ours, theirs)
      const real = gitMerge(user, base, ours, theirs)
      expect(conflicts).toEqual(real.conflicts)
      // In the tree of a conflict git has the marks of it.
      expect(conflicts.length > 0 || treeIdOf(files) === real.tree).toBe(true)
    }),
    { numRuns: 40 },
  )
})

/** What git makes of a merge without renames: the model knows none. */
function gitMerge(
  user: TestRepository,
  ...files: readonly [base: Files, ours: Files, theirs: Files]
): { readonly tree: string; readonly conflicts: readonly string[] } {
  const [base = '', ours = '', theirs = ''] = files.map((each) => writeTree(user, each))
  const ancestor = user.git('commit-tree', base, '-m', 'base')
  const commits = [ours, theirs].map((tree) => user.git('commit-tree', tree, '-p', ancestor, '-m', 'side'))
  const args = ['-c', 'merge.renames=false', '-c', 'core.quotePath=false', 'merge-tree', '--write-tree']
  const { stdout } = spawnSync('git', [...args, '-z', '--name-only', '--no-messages', ...commits], {
    cwd: user.path,
    env: user.env,
    encoding: 'utf8',
  })
  const [tree = '', ...names] = stdout.split('\0').filter((name) => name !== '')
  // A file and a link, or a file and a directory, cannot both have the name; git puts one of them aside.
  const conflicts = names.map((name) => name.replace(/~[0-9a-f]{40}$/, ''))
  return { tree, conflicts: [...new Set(conflicts)].toSorted() }
}
