import { assertNothingLost } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

const rejection = {
  reason: 'verification-failed',
  message: 'npm test failed',
  files: [],
  exitCode: 1,
  output: '1 failed',
} as const

async function edited(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  world.write('fix', 'the fix')
  return session
}

describe('merging a task', () => {
  test('pins the work, lands it once and takes worktree and branch away', async () => {
    const world = new World()
    const { engine } = await edited(world)
    const task = await engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }))
    const landing = { commit: world.repository.branch('main'), into: 'main', strategy: 'merge' }
    expect(task).toMatchObject({ status: 'merged', worktree: 'absent', landing })
    expect(world.broughtToBase()).toEqual(['the fix'])
    expect(world.standing()).toEqual({ worktrees: [], branches: [] })
    expect(await world.typesOf('fix')).toEqual([
      'task.requested',
      'worktree.created',
      'merge.requested',
      'checkpoint.taken',
      'merge.prepared',
      'merge.verified',
      'merge.landed',
      'worktree.removed',
    ])
  })

  test('runs no verification where none was asked for', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', mergeRequest())
    expect(world.trace).not.toContain('begin verify fix')
  })

  test('prepares and verifies anew when the base moved in between, and lands on top', async () => {
    const world = new World()
    const { engine } = await edited(world)
    world.script.next('verify', async (proceed) => {
      world.moveBase('somebody else')
      return proceed()
    })
    await engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }))
    expect(world.broughtToBase()).toEqual(['somebody else', 'the fix'])
    expect(world.trace.filter((line) => line === 'begin verify fix')).toHaveLength(2)
  })

  test('pins once more what was written while it ran, before the worktree is taken away', async () => {
    const world = new World()
    const { engine } = await edited(world)
    world.script.next('land', async (proceed) => {
      world.write('fix', 'a late thought')
      return proceed()
    })
    const task = await engine.command('fix', mergeRequest())
    expect(task).toMatchObject({
      status: 'merged',
      worktree: 'absent',
      checkpoint: { tree: world.treeWith('fix', 'a late thought') },
    })
    expect(() => assertNothingLost(world)).not.toThrow()
  })
})

describe('a merge that comes back', () => {
  test('names the files that conflict, and the task goes on', async () => {
    const world = new World()
    const { engine } = await edited(world)
    world.script.answer('prepare', { kind: 'conflicted', data: { files: ['login.ts'], fileCount: 1 } })
    const task = await engine.command('fix', mergeRequest())
    expect(task).toMatchObject({ status: 'active', merge: null })
    expect(task.setback).toEqual({ kind: 'conflicted', files: ['login.ts'], fileCount: 1 })
    expect([world.broughtToBase(), world.contentOf('fix')]).toEqual([[], 'the fix'])
  })

  test('says why it was rejected, and can be asked for again', async () => {
    const world = new World()
    const { engine } = await edited(world)
    world.script.answer('verify', { kind: 'rejected', data: rejection })
    const task = await engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }))
    expect(task).toMatchObject({ status: 'active', setback: { kind: 'rejected', ...rejection } })
    expect(world.broughtToBase()).toEqual([])
    const again = await engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }))
    expect(again).toMatchObject({ status: 'merged', setback: null })
  })

  test.each(['prepare', 'verify'] as const)(
    'when %s throws goes back to the agent with the message',
    async (act) => {
      const world = new World()
      const { engine } = await edited(world)
      const bug = new Error('a bug')
      world.script.fail(act, bug)
      await expect(engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }))).rejects.toBe(bug)
      const setback = { kind: 'rejected', reason: 'error', message: 'a bug' }
      expect(engine.find('fix')).toMatchObject({ status: 'active', setback })
    },
  )
})

describe('a landing that throws', () => {
  test('stays owed, for it may have happened, and recovery brings it to its end', async () => {
    const world = new World()
    const { engine } = await edited(world)
    const error = new Error('the disk is gone')
    world.script.next('land', async (proceed) => {
      await proceed()
      throw error
    })
    await expect(engine.command('fix', mergeRequest())).rejects.toBe(error)
    expect(engine.find('fix')).toMatchObject({ status: 'merging' })
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'merged', worktree: 'absent' })
    expect(world.broughtToBase()).toEqual(['the fix'])
  })

  test('lets nobody take the task elsewhere meanwhile', async () => {
    const world = new World()
    const { engine } = await edited(world)
    world.script.fail('land', new Error('no'))
    await engine.command('fix', mergeRequest()).catch(() => undefined)
    const refused = { code: 'illegal-move', status: 'merging', allowed: ['task.checkpoint'] }
    await expect(engine.command('fix', ABANDON)).rejects.toMatchObject(refused)
    await expect(engine.command('fix', PARK)).rejects.toMatchObject(refused)
  })
})
