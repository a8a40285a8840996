import type { Lock } from '@coppice/core'
import { LockTable } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { mergeRequest } from '../helpers/requests.js'
import { Meeting } from '../helpers/world/meeting.js'
import { World } from '../helpers/world/world.js'

describe('recovery', () => {
  test('does nothing where nothing is owed', async () => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    const before = [...world.trace]
    await engine.recover()
    expect(world.trace).toEqual(before)
  })

  test('is not done by opening a log alone', async () => {
    const world = new World()
    await world.request('fix-login')
    const { engine } = await world.open()
    expect(engine.find('fix-login')).toMatchObject({ status: 'creating' })
    expect(world.trace).toEqual(['durable task.requested fix-login'])
  })

  test('leaves a task alone that another process is busy with', async () => {
    const world = new World()
    const [one, other] = [await world.open(), await world.open()]
    world.script.next('create', async (proceed) => {
      await other.engine.recover()
      return proceed()
    })
    await one.engine.create({ id: 'fix' })
    expect(world.trace.filter((line) => line === 'begin create fix')).toHaveLength(1)
  })

  test('goes on with the other tasks where one cannot be brought on', async () => {
    const world = new World()
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await world.request(id)
    }
    const bug = new Error('a bug')
    world.script.fail('create', bug)
    const { engine, problems } = await world.open()
    await engine.recover()
    const active = engine.tasks().filter(({ status }) => status === 'active')
    expect(active).toHaveLength(5)
    expect(problems).toEqual([{ task: expect.any(String) as string, effect: 'create', error: bug }])
  })

  test('brings several tasks on at the same time', async () => {
    const world = new World()
    for (const id of ['a', 'b', 'c']) {
      await world.request(id)
    }
    const both = new Meeting(2)
    for (let task = 0; task < 2; task++) {
      world.script.next('create', async (proceed) => {
        await both.arrive()
        return proceed()
      })
    }
    const { engine } = await world.open()
    await engine.recover()
    expect(engine.tasks().map(({ status }) => status)).toEqual(['active', 'active', 'active'])
  })

  test('does nothing twice that another process did while it looked around', async () => {
    const world = new World()
    await world.request('fix-login')
    const one = await world.open()
    const locks = new LockTable().openFor('the other')
    const tryAcquire = async (name: string): Promise<Lock | null> => {
      await one.engine.recover()
      return locks.tryAcquire(name)
    }
    const acquire = (name: string): Promise<Lock> => locks.acquire(name)
    const other = await world.open({ ports: { locks: { acquire, tryAcquire } } })
    await other.engine.recover()
    expect(world.trace.filter((line) => line === 'begin create fix-login')).toHaveLength(1)
  })

  test('that was cancelled before it began does nothing, and all stays owed', async () => {
    const world = new World()
    const { engine, problems } = await world.open()
    await engine.create({ id: 'fix' })
    world.deleteWorktree('fix')
    const reason = new Error('never mind')
    await expect(engine.recover(AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(problems).toEqual([])
    await engine.recover()
    expect(await world.typesOf('fix')).toEqual(expect.arrayContaining(['worktree.lost', 'worktree.rebuilt']))
  })

  test.each(['prepare', 'verify'] as const)(
    'that is cancelled during %s cancels nobody’s merge',
    async (act) => {
      const world = new World()
      const first = await world.open()
      await first.engine.create({ id: 'fix' })
      world.write('fix', 'the fix')
      const { version } = first.engine.find('fix') ?? { version: 0 }
      const merge = {
        type: 'merge.requested',
        at: world.clock.now(),
        data: mergeRequest({ verify: ['true'] }).data,
      } as const
      await world.log.append('task/fix', [merge], version)
      const { engine } = await world.open()
      const controller = new AbortController()
      const reason = new Error('never mind')
      world.script.next(act, async (_, __, { signal }) => {
        controller.abort(reason)
        signal?.throwIfAborted()
        throw new Error('the effect was not told of the cancellation')
      })
      await expect(engine.recover(controller.signal)).rejects.toBe(reason)
      expect(engine.find('fix')).toMatchObject({ status: 'merging', setback: null })
      await engine.recover()
      expect(engine.find('fix')).toMatchObject({ status: 'merged' })
    },
  )

  test('frees the task whatever came of it', async () => {
    const world = new World()
    await world.request('fix-login')
    world.script.fail('create', new Error('a bug'))
    const { engine } = await world.open()
    await engine.recover()
    await engine.recover()
    expect(engine.find('fix-login')).toMatchObject({ status: 'active' })
  })
})

describe('an engine that was closed', () => {
  test('records nothing any more', async () => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    await engine.close()
    await expect(engine.command('fix', mergeRequest())).rejects.toMatchObject({ code: 'log-closed' })
  })
})
