import type { FactData } from '@coppice/core'
import { MemoryLog } from '@coppice/store'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { debrisOf } from '../helpers/debris.js'
import { filesIn, gitIn } from '../helpers/tree.js'
import { openWorld, typesOf, type World } from '../helpers/world.js'

interface Interrupted {
  readonly world: World
  readonly request: FactData['task.requested']
  readonly staging: string
}

/** A process was killed after it had recorded the request; what it had done of the creation is the test's to say. */
async function interrupted(): Promise<Interrupted> {
  const log = new MemoryLog()
  const world = await openWorld({ log })
  const request = await world.workspace.admit({ id: 'fix' })
  await log.append(
    'task/fix',
    [{ type: 'task.requested', at: new Date().toISOString(), data: request }],
    'no-stream',
  )
  return { world, request, staging: join(world.user.scratch, 'repo.worktrees/.making/fix+coppice') }
}

async function expectMadeOnce({ world }: Interrupted): Promise<void> {
  await world.engine.recover()
  expect(world.problems).toEqual([])
  expect(await typesOf(world)).toEqual(['task.requested', 'worktree.created'])
  const { path, gitDir } = world.engine.find('fix')!
  expect(gitIn(world.user, path, 'status', '--porcelain', '--branch')).toBe('## coppice/fix\n')
  expect(gitIn(world.user, path, 'rev-parse', '--absolute-git-dir').trim()).toBe(gitDir)
  expect(Object.keys(filesIn(path))).toHaveLength(3)
  expect(world.user.git('worktree', 'list').split('\n')).toHaveLength(2)
  expect(debrisOf(world)).toEqual([])
}

describe('a creation that was interrupted is done exactly once, whether it had reached', () => {
  test('nothing', async () => {
    await expectMadeOnce(await interrupted())
  })

  test('the branch alone', async () => {
    const state = await interrupted()
    state.world.user.git('branch', 'coppice/fix')
    await expectMadeOnce(state)
  })

  test('the branch and a lock on it that its maker left', async () => {
    const state = await interrupted()
    mkdirSync(join(state.world.user.path, '.git/refs/heads/coppice'))
    await expectMadeOnce(state)
  })

  test('a staging directory without an entry', async () => {
    const state = await interrupted()
    state.world.user.git('branch', 'coppice/fix')
    mkdirSync(join(state.staging, 'src'), { recursive: true })
    writeFileSync(join(state.staging, 'src/greeting.txt'), 'half')
    await expectMadeOnce(state)
  })

  test('an entry without a staging directory', async () => {
    const state = await interrupted()
    await addWorktree(state)
    rmSync(state.staging, { recursive: true })
    await expectMadeOnce(state)
  })

  test('an entry that says nothing yet but that it is being made', async () => {
    const state = await interrupted()
    mkdirSync(entryOf(state), { recursive: true })
    writeFileSync(join(entryOf(state), 'locked'), 'initializing')
    await expectMadeOnce(state)
  })

  test('an entry that git was still initialising', async () => {
    const state = await interrupted()
    await addWorktree(state)
    writeFileSync(join(entryOf(state), 'locked'), 'initializing')
    writeFileSync(join(entryOf(state), 'HEAD'), `${'0'.repeat(40)}\n`)
    rmSync(state.staging, { recursive: true })
    await expectMadeOnce(state)
  })

  test.each(['gitdir', 'commondir', 'HEAD'])('an entry whose %s was empty still', async (file) => {
    const state = await interrupted()
    await addWorktree(state)
    writeFileSync(join(entryOf(state), file), '')
    await expectMadeOnce(state)
  })

  test('an entry whose directory has no .git file yet', async () => {
    const state = await interrupted()
    await addWorktree(state)
    rmSync(join(state.staging, '.git'))
    await expectMadeOnce(state)
  })

  test('a half checkout with the index locked', async () => {
    const state = await interrupted()
    await addWorktree(state)
    writeFileSync(join(state.staging, 'README.md'), '# half')
    writeFileSync(join(entryOf(state), 'index.lock'), '')
    await expectMadeOnce(state)
  })

  test('an entry that names the final place, the files still in staging', async () => {
    const state = await interrupted()
    await addWorktree(state)
    writeFileSync(join(entryOf(state), 'coppice-task'), 'fix\n')
    writeFileSync(join(entryOf(state), 'gitdir'), `${join(state.request.path, '.git')}\n`)
    await expectMadeOnce(state)
  })

  test('the final place, and only the record was missing', async () => {
    const state = await interrupted()
    await addWorktree(state)
    writeFileSync(join(entryOf(state), 'coppice-task'), 'fix\n')
    writeFileSync(join(entryOf(state), 'gitdir'), `${join(state.request.path, '.git')}\n`)
    state.world.user.git('-C', state.staging, 'reset', '--quiet', '--hard')
    renameSync(state.staging, state.request.path)
    await expectMadeOnce(state)
  })
})

describe('what is the user’s is never taken over:', () => {
  test('a branch of the name that points elsewhere fails the creation and stays', async () => {
    const { world } = await interrupted()
    world.user.git('branch', 'coppice/fix', 'HEAD~1')
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({
      status: 'failed',
      attempts: 1,
      failure: { code: 'branch-exists' },
    })
    expect(world.user.git('rev-parse', 'coppice/fix')).toBe(world.user.git('rev-parse', 'HEAD~1'))
  })

  test('a directory at the path fails the creation and stays', async () => {
    const { world, request } = await interrupted()
    cpSync(join(world.user.path, 'src'), request.path, { recursive: true })
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ status: 'failed', failure: { code: 'path-occupied' } })
    expect(existsSync(join(request.path, 'greeting.txt'))).toBe(true)
    expect(debrisOf(world)).toEqual(['directory fix'])
  })

  test('a worktree of the user’s at the path fails the creation and stays', async () => {
    const { world, request } = await interrupted()
    world.user.git('worktree', 'add', '--quiet', '-b', 'mine', request.path)
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ status: 'failed', failure: { code: 'path-occupied' } })
    expect(world.user.git('worktree', 'list')).toContain(request.path)
  })
})

test('an entry of one task that poisons the whole repository keeps no other task from being made', async () => {
  const state = await interrupted()
  await addWorktree(state)
  writeFileSync(join(entryOf(state), 'commondir'), '')
  const { world } = state
  await world.engine.create({ id: 'other' })
  await world.engine.recover()
  expect(world.engine.tasks().map(({ status }) => status)).toEqual(['active', 'active'])
  expect(debrisOf(world)).toEqual([])
})

async function addWorktree({ world, staging }: Interrupted): Promise<void> {
  world.user.git('branch', 'coppice/fix')
  world.user.git('worktree', 'add', '--quiet', '--no-checkout', staging, 'coppice/fix')
}

function entryOf({ world }: Interrupted): string {
  return join(world.repository.commonDir, 'worktrees/fix+coppice')
}
