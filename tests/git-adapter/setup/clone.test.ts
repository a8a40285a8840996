import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { isShared, Reflinks } from '../helpers/reflinks.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'
import { fill } from '../pool/pooled.js'

/** A user who has installed dependencies, as package managers lay them out. */
function withDependencies(user = makeRepository()): TestRepository {
  user.commit('.gitignore', 'node_modules/\n')
  const modules = join(user.path, 'node_modules')
  mkdirSync(join(modules, '.store', 'left'), { recursive: true })
  writeFileSync(join(modules, '.store', 'left', 'index.js'), 'left\n'.repeat(5_000))
  writeFileSync(join(modules, '.store', 'left', 'bin.sh'), '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('.store/left', join(modules, 'left'))
  return user
}

const CLONE = { clone: ['node_modules'] }

const reflinks = new Reflinks()

describe('where the file system cannot clone', () => {
  test('nothing is copied, and set-up makes what is missing', async () => {
    const user = withDependencies()
    const world = await openWorld({ user, ...CLONE, setup: ['sh', '-c', 'ls -a > seen; mkdir node_modules'] })
    const { path } = await world.engine.create({ id: 'fix' })
    expect(readFileSync(join(path, 'seen'), 'utf8')).not.toContain('node_modules')
    expect(readdirSync(join(path, 'node_modules'))).toEqual([])
  })
})

describe.skipIf(reflinks.obstacle !== null)('where the file system can clone', () => {
  test.each([
    ['made anew', false],
    ['from the pool', true],
  ])('a worktree that is %s has a clone, which shares nothing that is changed', async (_, isPooled) => {
    const user = withDependencies(makeRepository({ scratch: reflinks.scratch() }))
    const world = await openWorld({ user, ...CLONE })
    if (isPooled) await fill(world)
    const { path } = await world.engine.create({ id: 'fix' })
    const [ours, theirs] = [path, user.path].map((top) => join(top, 'node_modules'))
    expect(
      agentRuns(
        user,
        path,
        `diff -r --no-dereference '${ours}' '${theirs}'; stat -c %a node_modules/left/bin.sh`,
      ),
    ).toBe('755\n')
    expect(isShared(join(ours!, 'left', 'index.js'))).toBe(true)
    writeFileSync(join(ours!, 'left', 'index.js'), 'changed\n')
    expect(readFileSync(join(theirs!, 'left', 'index.js'), 'utf8')).toContain('left\nleft\n')
    expect(gitIn(user, path, 'status', '--porcelain')).toBe('')
  })

  test('what is not ignored, not there, or no directory is left out', async () => {
    const user = withDependencies(makeRepository({ scratch: reflinks.scratch() }))
    mkdirSync(join(user.path, 'notes'))
    symlinkSync('notes', join(user.path, 'link'))
    writeFileSync(join(user.path, '.git', 'info', 'exclude'), 'link\ngone/\n')
    const clone = ['notes', 'link', 'gone', 'README.md', 'src', 'nowhere/node_modules']
    const world = await openWorld({ user, clone })
    const { path } = await world.engine.create({ id: 'fix' })
    expect(readdirSync(path).toSorted()).toEqual(
      user.git('ls-tree', '--name-only', 'HEAD').split('\n').concat('.git').toSorted(),
    )
  })

  test('what cannot be cloned whole is left out whole', async () => {
    const user = withDependencies(makeRepository({ scratch: reflinks.scratch() }))
    agentRuns(user, user.path, 'mkfifo node_modules/.store/pipe')
    const world = await openWorld({ user, ...CLONE })
    const { path } = await world.engine.create({ id: 'fix' })
    expect(existsSync(join(path, 'node_modules'))).toBe(false)
  })
})
