import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import type { TestRepository } from '../../helpers/repository.js'
import { fakeGit } from '../helpers/fake-git.js'
import { expectBroughtAlong, expectRefused, readyToLand } from '../helpers/landing.js'
import { agentRuns, contentOf } from '../helpers/tree.js'

test('a branch to which its user turns in the last moment stays where it is, and the base moves without a checkout', async () => {
  const world = await readyToLand()
  const { user } = world
  user.git('branch', 'other')
  const other = user.git('rev-parse', 'other')
  const turn = `git "$@"; code=$?; git -C '${user.path}' symbolic-ref HEAD refs/heads/other; exit $code`
  const meddle = `case "$*" in *--porcelain=v2*) ${turn};; esac; exec git "$@"`
  vi.stubEnv('PATH', fakeGit(user.scratch, meddle))
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  vi.stubEnv('PATH', user.env['PATH'])
  expect(user.git('symbolic-ref', 'HEAD')).toBe('refs/heads/other')
  expect(user.git('rev-parse', 'other')).toBe(other)
  expect(user.git('show', 'main:src/greeting.txt')).toBe('hello\nworld\nmore')
  expect(user.git('status', '--porcelain')).toBe('')
})

describe('where git cannot move the branch any more, index and files are taken back, for', () => {
  test.each(['HEAD.lock', 'refs/heads/main.lock'])('%s', async (lock) => {
    const world = await readyToLand()
    writeFileSync(join(world.repository.commonDir, lock), '')
    await expectRefused(world)
    expect(world.user.git('status', '--porcelain')).toBe('')
    rmSync(join(world.repository.commonDir, lock))
    await expectBroughtAlong(world)
  })

  test('a checkout that somebody locks meanwhile, which stays as it is, and is told', async () => {
    const world = await readyToLand()
    const { commonDir } = world.repository
    writeFileSync(join(commonDir, 'HEAD.lock'), '')
    const lock = `case "$*" in *--ff-only*) git "$@"; code=$?; : > '${commonDir}/index.lock'; exit $code;; esac`
    vi.stubEnv('PATH', fakeGit(world.user.scratch, `${lock}; exec git "$@"`))
    await world.engine.command('fix', mergeRequest())
    vi.stubEnv('PATH', world.user.env['PATH'])
    expect(world.engine.find('fix')?.setback).toMatchObject({
      message: expect.stringMatching(/its files and index are as [0-9a-f]+ has them, and stay so$/),
    })
  })

  test('a file in the way that is called as git’s own messages are', async () => {
    const world = await readyToLand()
    const name = 'would be overwritten by merge: local changes'
    agentRuns(world.user, world.engine.find('fix')!.path, `mkdir '${name}'; echo x > '${name}/x'`)
    writeFileSync(join(world.repository.commonDir, 'HEAD.lock'), '')
    await expectRefused(world)
    expect(world.user.git('status', '--porcelain')).toBe('')
  })
})

test('what looks as if git had begun to write it is still the user’s, though the engine dies before git looks', async () => {
  const world = await readyToLand()
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
    const world = await readyToLand()
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
