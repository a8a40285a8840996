import type { Lock } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK } from '../helpers/requests.js'
import { fact } from '../helpers/samples.js'
import { Meeting } from '../helpers/world/meeting.js'
import { MemoryLocks } from '../helpers/world/memory-locks.js'
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
    await world.log.append('task/fix-login', [fact('task.requested')], 'no-stream')
    const { engine } = await world.open()
    expect(engine.find('fix-login')).toMatchObject({ status: 'creating' })
    expect(world.trace).toEqual([])
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
      await world.log.append(`task/${id}`, [fact('task.requested')], 'no-stream')
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
      await world.log.append(`task/${id}`, [fact('task.requested')], 'no-stream')
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
    await world.log.append('task/fix-login', [fact('task.requested')], 'no-stream')
    const one = await world.open()
    const locks = new MemoryLocks()
    const tryAcquire = async (name: string): Promise<Lock | null> => {
      await one.engine.recover()
      return locks.tryAcquire(name)
    }
    const acquire = (name: string): Promise<Lock> => locks.acquire(name)
    const other = await world.open({ ports: { locks: { acquire, tryAcquire } } })
    await other.engine.recover()
    expect(world.trace.filter((line) => line === 'begin create fix-login')).toHaveLength(1)
  })

  test('rejects when it is cancelled with something left to do, which stays owed', async () => {
    const world = new World()
    const { engine, problems } = await world.open()
    await engine.create({ id: 'fix' })
    world.repository.worktrees.delete('fix')
    const reason = new Error('never mind')
    await expect(engine.recover(AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(problems).toEqual([])
    expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'lost' })
  })

  test('takes nothing away once it is cancelled; the removal stays owed', async () => {
    const world = new World()
    const { engine, problems } = await world.open()
    await engine.create({ id: 'fix' })
    world.script.fail('remove', new Error('no'))
    await engine.command('fix', PARK)
    problems.length = 0
    const reason = new Error('never mind')
    await engine.recover(AbortSignal.abort(reason))
    expect(problems).toEqual([{ task: 'fix', effect: 'remove', error: reason }])
    expect(engine.find('fix')).toMatchObject({ status: 'parked', worktree: 'present' })
  })

  test('frees the task whatever came of it', async () => {
    const world = new World()
    await world.log.append('task/fix-login', [fact('task.requested')], 'no-stream')
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
