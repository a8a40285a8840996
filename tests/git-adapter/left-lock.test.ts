import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs/promises'
import { existsSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { editedTask } from './helpers/edited.js'
import { readyToMerge } from './helpers/merging.js'
import type { World } from './helpers/world.js'

// A real rename, before which somebody else may act.
vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original()
  return { ...real, rename: vi.fn<typeof real.rename>(real.rename) }
})

const LONG_AGO = new Date('2001-01-01')
const MINUTES_AGO = new Date(Date.now() - 600_000)

/** A user's `git commit --all` in the main checkout whose message is open in an editor; it goes on when told to. */
async function commitBeingWritten({ user }: World): Promise<() => Promise<void>> {
  const [begun, done] = [join(user.scratch, 'begun'), join(user.scratch, 'done')]
  const editor = join(user.scratch, 'editor')
  const script = `#!/bin/sh\necho mine > "$1"; touch '${begun}'; while [ ! -e '${done}' ]; do sleep 0.05; done\n`
  writeFileSync(editor, script, { mode: 0o755 })
  user.write('README.md', 'mine\n')
  const git = spawn('git', ['commit', '--all'], { cwd: user.path, env: { ...user.env, GIT_EDITOR: editor } })
  const ended = once(git, 'close')
  onTestFinished(async () => {
    writeFileSync(done, '')
    await ended
  })
  while (!existsSync(begun)) await delay(20)
  return async () => {
    writeFileSync(done, '')
    await ended
  }
}

/** The mark of a landing whose engine died before anything of it was done. */
async function dyingLanding(): Promise<{ world: World; merge: () => Promise<unknown>; mark: string }> {
  const { world, merge } = await readyToMerge('echo more >> src/greeting.txt; git commit -qam more')
  const { user, repository } = world
  const move = {
    gitDir: repository.commonDir,
    workTree: user.path,
    from: user.git('rev-parse', 'main'),
    to: user.git('rev-parse', 'coppice/fix'),
  }
  const mark = join(repository.commonDir, 'coppice/landing.json')
  writeFileSync(mark, JSON.stringify(move))
  return { world, merge: () => merge(), mark }
}

test('the index.lock of a user whose commit message is open in an editor stays, and the commit goes through', async () => {
  const { world, mark } = await dyingLanding()
  const { user, workspace, repository } = world
  const finish = await commitBeingWritten(world)
  const lock = join(repository.commonDir, 'index.lock')
  const before = readFileSync(lock)

  const action = { kind: 'finish-landing' } as const
  await expect(workspace.repair(action, null, { at: new Date().toISOString() })).rejects.toMatchObject({
    code: 'checkout-locked',
    message: expect.stringMatching(/a git process \(\d+\)/),
    hint: expect.stringContaining('merge again'),
  })

  expect(readFileSync(lock)).toEqual(before)
  expect(existsSync(mark)).toBe(true)
  await finish()
  expect(user.git('log', '-1', '--format=%s', 'main')).toBe('mine')
})

test('a merge is sent back while that message is open, with the reason', async () => {
  const { world, merge } = await dyingLanding()
  await commitBeingWritten(world)
  expect(await merge()).toMatchObject({
    status: 'active',
    setback: { reason: 'checkout-in-the-way', message: expect.stringMatching(/index\.lock/) },
  })
})

test('a merge goes through once that commit is done', async () => {
  const { world, merge } = await dyingLanding()
  const finish = await commitBeingWritten(world)
  await finish()
  expect(await merge()).toMatchObject({ status: 'merged' })
  expect(world.user.git('show', 'main:README.md')).toBe('mine')
})

test('an index.lock that nobody can be holding does not keep an interrupted landing from its end', async () => {
  const { world, merge } = await dyingLanding()
  const lock = join(world.repository.commonDir, 'index.lock')
  writeFileSync(lock, '')
  expect(await merge()).toMatchObject({ status: 'merged' })
  expect(existsSync(lock)).toBe(false)
})

test('a lock on a branch that a living git may hold stays, however old; without it, it is in nobody’s way', async () => {
  const { world } = await editedTask()
  const { user, repository } = world
  const git = spawn('git', ['update-ref', '--stdin'], { cwd: user.path, env: user.env })
  onTestFinished(() => void git.kill('SIGKILL'))
  git.stdin.write('start\n')
  await once(git.stdout, 'data')
  const lock = join(repository.commonDir, 'refs/heads/coppice/fix.lock')
  writeFileSync(lock, '')
  utimesSync(lock, MINUTES_AGO, MINUTES_AGO)

  await world.engine.command('fix', ABANDON)
  expect(world.problems).toHaveLength(1)
  expect(existsSync(lock)).toBe(true)

  git.kill('SIGKILL')
  await once(git, 'close')
  await world.engine.recover()
  expect(existsSync(lock)).toBe(false)
  expect(user.git('branch', '--list', 'coppice/fix')).toBe('')
})

/** Has somebody take a lock anew between a look at it and its being taken away. */
function takenAnew(lock: string): void {
  let isFirst = true
  const real = vi.mocked(fs.rename).getMockImplementation()!
  vi.mocked(fs.rename).mockImplementation(async (from, to) => {
    if (from === lock && isFirst) {
      isFirst = false
      writeFileSync(`${lock}.anew`, 'theirs')
      renameSync(`${lock}.anew`, lock)
    }
    return real(from, to)
  })
  onTestFinished(() => void vi.mocked(fs.rename).mockImplementation(real))
}

test('a lock that was taken anew since it was looked at is given back', async () => {
  const { world } = await editedTask()
  const lock = join(world.repository.commonDir, 'refs/heads/coppice/fix.lock')
  writeFileSync(lock, '')
  utimesSync(lock, LONG_AGO, LONG_AGO)
  takenAnew(lock)

  await world.engine.command('fix', ABANDON)

  expect(world.problems).toHaveLength(1)
  expect(readFileSync(lock, 'utf8')).toBe('theirs')
  expect(readdirSync(join(world.repository.commonDir, 'coppice/aside'))).toEqual([])
})
