import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ABANDON } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { openWorld } from '../helpers/world.js'
import { expectWhole, fill, inodeOf, openPooled } from './pooled.js'

/** A file by its content, or a directory of them; of a gitlink only the commit is said. */
type Node = { readonly mode: '100644' | '100755' | '120000' | '160000'; readonly content: string } | Directory
interface Directory {
  readonly [name: string]: Node
}

const NAMES = ['a', 'b', 'c.txt', '-d', 'line\nbreak', ' é', 'con"x\\', '.git-not']
const CONTENTS = ['', 'one\n', 'two\n', 'cr\r\nlf\r\n']

const { tree } = fc.letrec<{ tree: Directory; node: Node }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom(...NAMES), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  node: fc.oneof(
    { maxDepth: 2 },
    fc.record({
      mode: fc.constantFrom('100644' as const, '100644' as const, '100755' as const, '120000' as const),
      content: fc.constantFrom(...CONTENTS),
    }),
    fc.constantFrom<Node>(
      { mode: '160000', content: '1'.repeat(40) },
      { mode: '160000', content: '2'.repeat(40) },
    ),
    tie('tree').filter((directory) => Object.keys(directory).length > 0),
  ),
}))

function isFile(node: Node): node is Exclude<Node, Directory> {
  return typeof node['mode'] === 'string'
}

/** Every file of a tree by its path. */
function filesOf(directory: Directory, below = ''): [string, Exclude<Node, Directory>][] {
  return Object.entries(directory).flatMap(([name, node]) =>
    isFile(node) ? [[`${below}${name}`, node]] : filesOf(node, `${below}${name}/`),
  )
}

/** Commits a tree on a branch of its own, without a checkout. */
function commitTree({ env, path, git }: TestRepository, branch: string, directory: Directory): string {
  const quoted = (name: string): string =>
    `"${name
      .replaceAll('\\', '\\\\')
      .replaceAll('"', String.raw`\"`)
      .replaceAll('\n', String.raw`\n`)}"`
  const files = filesOf(directory).map(([name, { mode, content }]) => {
    if (mode === '160000') return `M 160000 ${content} ${quoted(name)}\n`
    // No symbolic link is empty.
    const bytes = mode === '120000' && content === '' ? 'nowhere' : content
    return `M ${mode} inline ${quoted(name)}\ndata ${bytes.length}\n${bytes}\n`
  })
  const head = `reset refs/heads/${branch}\n\ncommit refs/heads/${branch}\ncommitter x <x@example.invalid> 0 +0000\ndata 0\n`
  const input = `${head}deleteall\n${files.join('')}\n`
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: path, env, input })
  return git('rev-parse', branch)
}

test('what a task takes is what git makes of its base, whatever the ready worktree was at', async () => {
  const world = await openWorld()
  let count = 0
  await fc.assert(
    fc.asyncProperty(tree, tree, async (one, other) => {
      const id = `task-${++count}`
      const was = commitTree(world.user, `one-${count}`, one)
      const base = commitTree(world.user, `other-${count}`, other)
      const [spare] = await fill(world, { revisions: [was] })
      expect(spare).toMatchObject({ commit: was })
      const inode = inodeOf(spare!.path)
      const same = filesOf(one).filter(([name, file]) => sameAt(other, name, file))
      const before = same.map(([name]) => inodeOf(join(spare!.path, name)))
      const { path } = await world.engine.create({ id, base })
      expect(inodeOf(path)).toBe(inode)
      expect(same.map(([name]) => inodeOf(join(path, name)))).toEqual(before)
      await expectWhole(world, id)
      await world.engine.command(id, ABANDON)
    }),
    { numRuns: 20, endOnFailure: true },
  )
})

function sameAt(directory: Directory, name: string, file: Exclude<Node, Directory>): boolean {
  const found = filesOf(directory).find(([each]) => each === name)?.[1]
  return found?.mode === file.mode && found.content === file.content
}

test('only files that differ are written, and removed and renamed ones leave nothing', async () => {
  const user = makeRepository()
  user.commit('old/name.txt', 'moved\n')
  user.commit('gone/deep/file', 'x')
  user.commit('mode.sh', '#!/bin/sh\n')
  const was = user.git('rev-parse', 'HEAD')
  user.git('mv', 'old', 'new')
  user.git('rm', '--quiet', '-r', 'gone')
  user.write('gone', 'a file now')
  rmSync(join(user.path, 'README.md'))
  user.write('README.md/index', 'a directory now')
  user.git('add', '--all')
  user.git('update-index', '--chmod=+x', 'mode.sh')
  user.git('commit', '--quiet', '--message', 'much')
  const { world, spare } = await openPooled({ user }, was)
  const kept = ['src/greeting.txt', 'src/numbers.txt']
  const inodes = kept.map((name) => inodeOf(join(spare.path, name)))
  const { path } = await world.engine.create({ id: 'fix' })
  expect(kept.map((name) => inodeOf(join(path, name)))).toEqual(inodes)
  expect(existsSync(join(path, 'old'))).toBe(false)
  await expectWhole(world, 'fix')
})

test('one at the base itself is taken before a newer one at another commit', async () => {
  const world = await openWorld()
  const [old] = await fill(world, { revisions: ['HEAD~1'] })
  await fill(world, { size: 2 })
  const inode = inodeOf(old!.path)
  const { path } = await world.engine.create({ id: 'fix', base: 'HEAD~1' })
  expect(inodeOf(path)).toBe(inode)
  await expectWhole(world, 'fix')
})

test('where none is at the base, the newest is taken', async () => {
  const world = await openWorld()
  await fill(world, { revisions: ['HEAD~2'] })
  const [, newest] = await fill(world, { size: 2, revisions: ['HEAD~1'] })
  const inode = inodeOf(newest!.path)
  const { path } = await world.engine.create({ id: 'fix' })
  expect(inodeOf(path)).toBe(inode)
  await expectWhole(world, 'fix')
})

test('a ready worktree whose commit is gone from the repository is left alone', async () => {
  const user = makeRepository()
  const lost = user.commit('extra', 'x')
  const { world, spare } = await openPooled({ user })
  user.git('reset', '--quiet', '--hard', 'HEAD~1')
  user.git('reflog', 'expire', '--expire=now', '--all')
  user.git('gc', '--quiet', '--prune=now')
  expect(() => user.git('cat-file', '-e', lost)).toThrow('cat-file')
  await world.engine.create({ id: 'fix' })
  expect(await world.workspace.spares()).toEqual([spare])
  await expectWhole(world, 'fix')
})
