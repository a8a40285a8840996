import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
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

/** A git that answers what it is told, and waits for more. */
async function waitingGit({ user }: World, args: readonly string[], question: string): Promise<number> {
  const git = spawn('git', args, { cwd: user.path, env: user.env })
  onTestFinished(() => void git.kill('SIGKILL'))
  git.stdin.write(question)
  await once(git.stdout, 'data')
  return git.pid!
}

const COARSE_MS = 100

test('a lock is left while a git process that may have taken it is at work in the repository', async () => {
  const { world } = await editedTask()
  const pid = await waitingGit(world, ['update-ref', '--stdin'], 'start\n')
  leaveLock(inGitDir(world, 'index.lock'))

  const { remedy } = await expectRefused(world, 'lock-held')

  expect(remedy).toMatchObject({ why: expect.stringContaining(String(pid)) })
  await expectHealthy(world)
})

test.each([
  ['that was started after it was taken', ['update-ref', '--stdin'], 'start\n', true],
  ['that locks nothing', ['cat-file', '--batch'], 'HEAD\n', false],
])('a lock is set aside although there is a git process %s', async (_, args, question, isAfter) => {
  const { world } = await editedTask()
  if (!isAfter) await waitingGit(world, args, question)
  leaveLock(inGitDir(world, 'index.lock'))
  await delay(COARSE_MS)
  if (isAfter) await waitingGit(world, args, question)

  await expectRepaired(world, 'lock-stale')
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
