import { describe, expect, test } from 'vitest'
import { mergeRequest, RESUME } from '../helpers/requests.js'
import type { Act } from '../helpers/world/script.js'
import { World, type Session } from '../helpers/world/world.js'

const REASON = new Error('never mind')

/** The person cancels while the effect runs, which hears of that and throws; or when there is nothing more to be stopped of it. */
function cancelDuring(world: World, act: Act, heeded: boolean): AbortSignal {
  const controller = new AbortController()
  world.script.next(act, async (proceed, _, { signal }) => {
    const outcome = heeded ? null : await proceed()
    controller.abort(REASON)
    if (outcome !== null) return outcome
    signal?.throwIfAborted()
    throw new Error('the effect was not told of the cancellation')
  })
  return controller.signal
}

async function edited(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  world.write('fix', 'the fix')
  return session
}

describe('a creation that is cancelled', () => {
  test('fails the task, and it can be resumed', async () => {
    const world = new World()
    const { engine } = await world.open()
    const signal = cancelDuring(world, 'create', true)
    await expect(engine.create({ id: 'fix' }, signal)).rejects.toBe(REASON)
    expect(engine.find('fix')).toMatchObject({ status: 'failed', failure: { code: 'cancelled' } })
    expect(await engine.command('fix', RESUME)).toMatchObject({ status: 'active' })
  })

  test('fails the task when it waits for the next attempt', async () => {
    const world = new World()
    const { engine } = await world.open()
    const controller = new AbortController()
    world.script.next('create', async () => {
      controller.abort(REASON)
      return { kind: 'creation-failed', failure: { code: 'busy', message: 'busy' }, retryable: true }
    })
    await expect(engine.create({ id: 'fix' }, controller.signal)).rejects.toBe(REASON)
    expect(engine.find('fix')).toMatchObject({ status: 'failed', failure: { code: 'cancelled' } })
  })

  test('makes no task at all when it was cancelled before it began', async () => {
    const world = new World()
    const { engine } = await world.open()
    await expect(engine.create({ id: 'fix' }, AbortSignal.abort(REASON))).rejects.toBe(REASON)
    expect(await world.facts()).toEqual([])
  })
})

describe('a merge that is cancelled', () => {
  test.each(['prepare', 'verify'] as const)(
    'during %s goes back to the agent, and nothing lands',
    async (act) => {
      const world = new World()
      const { engine } = await edited(world)
      const signal = cancelDuring(world, act, true)
      const merge = engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }), signal)
      await expect(merge).rejects.toBe(REASON)
      const setback = { kind: 'rejected', reason: 'cancelled' }
      expect(engine.find('fix')).toMatchObject({ status: 'active', merge: null, setback })
      expect(world.broughtToBase()).toEqual([])
    },
  )

  test('before an effect begins goes back as well', async () => {
    const world = new World()
    const { engine } = await edited(world)
    const signal = cancelDuring(world, 'checkpoint', false)
    await expect(engine.command('fix', mergeRequest(), signal)).rejects.toBe(REASON)
    expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'cancelled' } })
  })

  test('once it was verified is too late: it lands, for a landing is never left half-way', async () => {
    const world = new World()
    const { engine } = await edited(world)
    const signal = cancelDuring(world, 'verify', false)
    const task = await engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }), signal)
    expect(task).toMatchObject({ status: 'merged' })
    expect(world.broughtToBase()).toEqual(['the fix'])
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ worktree: 'absent' })
  })

  test('while it waits for another operation on the task leaves the task alone', async () => {
    const world = new World()
    const { engine } = await edited(world)
    const controller = new AbortController()
    world.script.next('checkpoint', async (proceed) => {
      controller.abort(REASON)
      return proceed()
    })
    const checkpoint = engine.checkpoint('fix', undefined)
    await expect(engine.command('fix', mergeRequest(), controller.signal)).rejects.toBe(REASON)
    expect(await checkpoint).toMatchObject({ tree: world.treeWith('fix', 'the fix') })
    expect(engine.find('fix')).toMatchObject({ status: 'active', setback: null })
  })
})
