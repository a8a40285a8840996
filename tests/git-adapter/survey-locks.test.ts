import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { editedTask } from './helpers/edited.js'
import { expectHealthy, expectRefused, expectRepaired } from './helpers/drift.js'
import { gitIn } from './helpers/tree.js'
import type { World } from './helpers/world.js'

const LONG_AGO = new Date('2001-01-01')

/** Leaves a lock as a git does that was killed, long ago or just now. */
function leaveLock(path: string, when = LONG_AGO): string {
  writeFileSync(path, 'half')
  utimesSync(path, when, when)
  return path
}

function inGitDir({ repository }: World, ...names: readonly string[]): string {
  return join(repository.commonDir, ...names)
}

const LOCKS = ['index.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock', 'refs/heads/main.lock']

test.each([...LOCKS, 'worktrees/fix+coppice/index.lock', 'worktrees/fix+coppice/HEAD.lock'])(
  'a stale %s is set aside, and kept',
  async (name) => {
    const { world, task } = await editedTask()
    const lock = leaveLock(inGitDir(world, name))

    await expectRepaired(world, 'lock-stale')

    expect(existsSync(lock)).toBe(false)
    expect(readdirSync(inGitDir(world, 'coppice', 'aside'))).toHaveLength(1)
    world.user.commit('mine', 'mine')
    gitIn(world.user, task.path, 'add', '--all')
  },
)

test('a lock that a process has open is left', async () => {
  const { world } = await editedTask()
  const lock = leaveLock(inGitDir(world, 'index.lock'))
  const descriptor = openSync(lock, 'r+')
  onTestFinished(() => closeSync(descriptor))

  expect((await expectRefused(world, 'lock-held')).remedy).toMatchObject({
    why: expect.stringMatching(/open/),
  })
})

test('a lock is left while any git process is at work in the repository', async () => {
  const { world } = await editedTask()
  leaveLock(inGitDir(world, 'index.lock'))
  const git = spawn('git', ['cat-file', '--batch'], { cwd: world.user.path, env: world.user.env })
  onTestFinished(() => void git.kill('SIGKILL'))
  git.stdin.write('HEAD\n')
  await once(git.stdout, 'data')

  const { remedy } = await expectRefused(world, 'lock-held')

  expect(remedy).toMatchObject({ why: expect.stringContaining(String(git.pid)) })
  await expectHealthy(world)
})

test('a lock that is a moment old is left, whoever made it', async () => {
  const { world } = await editedTask()
  leaveLock(inGitDir(world, 'index.lock'), new Date())

  await expectRefused(world, 'lock-held')
})

test('a lock that was released and taken again since it was found is left', async () => {
  const { world } = await editedTask()
  const lock = leaveLock(inGitDir(world, 'index.lock'))
  const action = { kind: 'set-aside-lock', path: lock, inode: 1, mtimeMs: LONG_AGO.getTime() } as const
  const context = { at: new Date().toISOString() }

  await expect(world.workspace.repair(action, null, context)).rejects.toMatchObject({
    code: 'repair-refused',
  })

  expect(existsSync(lock)).toBe(true)
})
