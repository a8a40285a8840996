import type { RecordedFact } from '@coppice/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PARK, RESUME } from '../helpers/requests.js'
import { World } from '../helpers/world/world.js'

describe('a listener', () => {
  test('hears every fact, or those of one type', async () => {
    const { engine, told } = await new World().open()
    const created: RecordedFact[] = []
    engine.listeners.on('worktree.created', (fact) => created.push(fact))
    await engine.create({ id: 'a' })
    await engine.create({ id: 'b' })
    expect(told.map(({ type }) => type)).toEqual([
      'task.requested',
      'worktree.created',
      'task.requested',
      'worktree.created',
    ])
    expect(created).toEqual(told.filter(({ type }) => type === 'worktree.created'))
  })

  test('finds the state that follows from the fact it hears', async () => {
    const { engine } = await new World().open()
    const statuses: (string | undefined)[] = []
    engine.listeners.on('fact', () => statuses.push(engine.find('fix')?.status))
    await engine.create({ id: 'fix' })
    expect(statuses).toEqual(['creating', 'active'])
  })

  test('hears one fact only if it was added for one', async () => {
    const { engine } = await new World().open()
    const heard: string[] = []
    engine.listeners.once('fact', ({ type }) => heard.push(type))
    await engine.create({ id: 'fix' })
    expect(heard).toEqual(['task.requested'])
  })

  test('hears what another process appends while this one follows the log', async () => {
    const world = new World()
    const [one, other] = [await world.open(), await world.open()]
    const stop = new AbortController()
    const following = one.engine.follow(stop.signal)
    const heard = new Promise<RecordedFact>((resolve) => one.engine.listeners.on('worktree.created', resolve))
    await other.engine.create({ id: 'fix' })
    expect(await heard).toMatchObject({ stream: 'task/fix', sequence: 2 })
    stop.abort()
    await following
    expect(one.told).toEqual(await world.facts())
  })

  test('may give a command itself', async () => {
    const { engine } = await new World().open()
    const resumed = new Promise<unknown>((resolve) =>
      engine.listeners.once('task.parked', () => resolve(engine.command('fix', RESUME))),
    )
    await engine.create({ id: 'fix' })
    await engine.command('fix', PARK)
    expect(await resumed).toMatchObject({ status: 'active' })
  })
})

describe('a listener that throws', () => {
  const surfaced: unknown[] = []
  const collect = (error: unknown): void => void surfaced.push(error)
  let runner: NodeJS.UnhandledRejectionListener[] = []

  // The test runner would count the rejection as a failure of its own.
  beforeEach(() => {
    surfaced.length = 0
    runner = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', collect)
  })
  afterEach(() => {
    process.removeAllListeners('unhandledRejection')
    for (const listener of runner) process.on('unhandledRejection', listener)
  })

  test('stops neither the engine nor the listeners after it, and its error surfaces', async () => {
    const { engine } = await new World().open()
    const bug = new Error('a bug of the listener')
    const heard: string[] = []
    engine.listeners.on('task.requested', () => {
      throw bug
    })
    engine.listeners.on('task.requested', ({ type }) => heard.push(type))
    expect(await engine.create({ id: 'fix' })).toMatchObject({ status: 'active' })
    expect(heard).toEqual(['task.requested'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(surfaced).toEqual([bug])
  })
})
