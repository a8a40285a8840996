import type { EffectContext, Workspace } from '@coppice/core'
import { expect, test } from 'vitest'
import { MERGE_TURN_LOCK } from '../../../packages/core/src/engine/lock-names.js'
import { TURN_PATIENCE_MS } from '../../../packages/core/src/task/limits.js'
import { mergeRequest } from '../helpers/requests.js'
import type { Act } from '../helpers/world/script.js'
import { World, type Session } from '../helpers/world/world.js'

const TASKS = ['first', 'second', 'third', 'fourth']

/** Tasks with work in each. */
async function edited(world: World): Promise<Session> {
  const session = await world.open()
  for (const id of TASKS) {
    await session.engine.create({ id })
    world.write(id, `the ${id}`)
  }
  return session
}

/** Something that is waited for, and can be made to happen. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/** Has the next such effect wait. */
function hold(world: World, act: Act, until: Promise<void>): void {
  world.script.next(act, async (proceed) => {
    await until
    return proceed()
  })
}

/** When a fact of a task is told. */
function told({ engine }: Session, type: 'checkpoint.taken' | 'merge.landed', id: string): Promise<void> {
  return new Promise((resolve) => {
    engine.listeners.on(type, ({ stream }) => {
      if (stream === `task/${id}`) resolve()
    })
  })
}

test('of merges that come at the same time each is prepared once', async () => {
  const world = new World()
  const { engine } = await edited(world)
  await Promise.all(TASKS.map((id) => engine.command(id, mergeRequest())))
  const types = (await Promise.all(TASKS.map((id) => world.typesOf(id)))).flat()
  expect(types.filter((type) => type === 'merge.prepared')).toHaveLength(TASKS.length)
  expect(types).not.toContain('merge.base-moved')
  expect(world.broughtToBase().toSorted()).toEqual(TASKS.map((id) => `the ${id}`).toSorted())
})

test('so it is with merges by several processes', async () => {
  const world = new World()
  await edited(world)
  const others = await Promise.all(TASKS.map(() => world.open()))
  await Promise.all(TASKS.map((id, at) => others[at]!.engine.command(id, mergeRequest())))
  expect((await Promise.all(TASKS.map((id) => world.typesOf(id)))).flat()).not.toContain('merge.base-moved')
})

test('one that waits for another has its work pinned meanwhile', async () => {
  const world = new World()
  const session = await edited(world)
  const pinned = gate()
  hold(world, 'prepare', pinned.opened)
  const first = session.engine.command('first', mergeRequest())
  void told(session, 'checkpoint.taken', 'second').then(pinned.open)
  await session.engine.command('second', mergeRequest())
  expect(await first).toMatchObject({ status: 'merged' })
})

test('what one makes that has waited is not older than what it waited for', async () => {
  const world = new World()
  const session = await edited(world)
  const { ports } = world.start()
  const turn = await ports.locks.acquire(MERGE_TURN_LOCK)
  const times: string[] = []
  const workspace = new Proxy(ports.workspace, {
    get: (target, name: keyof Workspace) => (task: never, context: EffectContext, more: never) => {
      if (name === 'prepareMerge') times.push(context.at)
      return target[name](task, context as never, more)
    },
  })
  const { engine } = await world.open({ ports: { workspace } })
  void engine.follow()
  const giveFree = async (): Promise<void> => {
    await world.clock.advance(1_000)
    times.push(world.clock.now())
    await turn.release()
  }
  engine.listeners.on('checkpoint.taken', () => void giveFree())
  expect(await engine.command('first', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(times).toEqual(times.toSorted())
  expect(times).toHaveLength(2)
  expect(session.problems).toEqual([])
})

test('one that waits can be cancelled, and the task goes on', async () => {
  const world = new World()
  const session = await edited(world)
  const over = gate()
  hold(world, 'prepare', over.opened)
  const first = session.engine.command('first', mergeRequest())
  const controller = new AbortController()
  void told(session, 'checkpoint.taken', 'second').then(() => controller.abort(new Error('enough')))
  await expect(session.engine.command('second', mergeRequest(), controller.signal)).rejects.toThrow('enough')
  const setback = { kind: 'rejected', reason: 'cancelled' }
  expect(session.engine.find('second')).toMatchObject({ status: 'active', setback })
  over.open()
  expect(await first).toMatchObject({ status: 'merged' })
})

test('one that is verified holds nobody up', async () => {
  const world = new World()
  const session = await edited(world)
  const verified = gate()
  hold(world, 'verify', verified.opened)
  const slow = session.engine.command('first', mergeRequest({ verify: ['npm', 'test'] }))
  expect(await session.engine.command('second', mergeRequest())).toMatchObject({ status: 'merged' })
  verified.open()
  expect(await slow).toMatchObject({ status: 'merged' })
  expect(world.broughtToBase()).toEqual(['the second', 'the first'])
})

test('one that comes back lets the next one go on', async () => {
  const world = new World()
  const { engine } = await edited(world)
  const conflicted = { kind: 'conflicted', data: { files: ['login.ts'], fileCount: 1 } } as const
  world.script.answer('prepare', conflicted)
  expect(await engine.command('first', mergeRequest())).toMatchObject({ status: 'active' })
  world.script.fail('prepare', new Error('a bug'))
  await expect(engine.command('second', mergeRequest())).rejects.toThrow('a bug')
  expect(await engine.command('third', mergeRequest())).toMatchObject({ status: 'merged' })
})

test('whoever has the turn and stands still is not waited for without end', async () => {
  const world = new World()
  const session = await edited(world)
  const turn = await world.start().ports.locks.acquire(MERGE_TURN_LOCK)
  const before = Date.parse(world.clock.now())
  expect(await session.engine.command('first', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(Date.parse(world.clock.now()) - before).toBeGreaterThanOrEqual(TURN_PATIENCE_MS)
  await turn.release()
})
