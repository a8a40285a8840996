import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { SnapshotLostError } from '@coppice/core'
import { SimulatedSnapshots, SnapshotDisk } from '@coppice/testkit'
import { beforeEach, expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

/** Facts after which a process that goes on saves, and more. */
const MANY = 4_200

let world: World
let disk: SnapshotDisk
/** What a save waits for. */
let whenSaving: () => Promise<void>

beforeEach(() => {
  world = new World()
  disk = new SnapshotDisk()
  whenSaving = () => Promise.resolve()
})

const snapshotsOf = (): SimulatedSnapshots =>
  new SimulatedSnapshots({ disk, steps: { step: () => whenSaving() } })
const open = (): Promise<Session> => world.open({ ports: { snapshots: snapshotsOf() } })

/** Makes and abandons tasks until the log has so many facts more, and answers with their ids. */
async function finishTasks({ engine }: Session, facts: number): Promise<string[]> {
  const ids: string[] = []
  for (const end = engine.position + facts; engine.position < end;) {
    const id = `task-${engine.position}`
    await engine.create({ id })
    await engine.command(id, ABANDON)
    ids.push(id)
  }
  return ids
}

/** How many of the tasks are in memory: those that are known when nothing else can be read. */
function heldOf({ engine }: Session, ids: readonly string[]): number {
  disk.damage()
  const held = ids.filter((id) => {
    try {
      return engine.find(id) !== null
    } catch (error) {
      if (error instanceof SnapshotLostError) return false
      throw error
    }
  })
  disk.mend()
  return held.length
}

test('a process that goes on saves now and then, and finished tasks leave its memory', async () => {
  const session = await open()
  const ids = await finishTasks(session, 3 * MANY)
  await turn()
  expect(disk.saves).toBe(3)
  expect(ids.length).toBeGreaterThan(2_000)
  expect(heldOf(session, ids)).toBeLessThan(200)
  expect(session.engine.tasks()).toHaveLength(ids.length)
})

test('without snapshots all tasks are known too', async () => {
  const session = await world.open()
  const ids = await finishTasks(session, MANY)
  expect(session.engine.tasks().map(({ id }) => id)).toEqual(ids)
})

test('commands go on while a save takes its time, and no second one begins', async () => {
  const session = await open()
  let end = (): void => undefined
  whenSaving = () => new Promise((resolve) => (end = resolve))
  const ids = await finishTasks(session, 3 * MANY)
  expect(disk.saves).toBe(0)
  expect(heldOf(session, ids)).toBe(ids.length)
  end()
  await turn()
  expect(disk.saves).toBe(1)
  // What came during the save is still held.
  const held = heldOf(session, ids)
  expect(held).toBeGreaterThan(1_000)
  expect(held).toBeLessThan(ids.length)
})

test('closing waits for a save that is under way, then saves the rest', async () => {
  const session = await open()
  const steps: string[] = []
  whenSaving = async () => {
    steps.push('begin')
    await sleep(50)
    steps.push('end')
  }
  await finishTasks(session, MANY)
  await session.engine.create({ id: 'live' })
  for (let round = 0; round < 100; round++) {
    await session.engine.command('live', PARK)
    await session.engine.command('live', RESUME)
  }
  await session.engine.close()
  expect(steps).toEqual(['begin', 'end', 'begin', 'end'])
  expect(disk.snapshot).toMatchObject({ sequence: session.engine.position, live: [{ task: { id: 'live' } }] })
})

test('a save that did not come about is tried again, and nothing is forgotten', async () => {
  const snapshots = snapshotsOf()
  let tries = 0
  const save = snapshots.save.bind(snapshots)
  snapshots.save = async (take) => {
    if (tries++ > 0) return save(take)
    take()
    return false
  }
  const session = await world.open({ ports: { snapshots } })
  const ids = await finishTasks(session, MANY)
  await turn()
  expect({ tries, saves: disk.saves }).toEqual({ tries: 1, saves: 0 })
  expect(heldOf(session, ids)).toBe(ids.length)
  await finishTasks(session, MANY)
  await turn()
  expect({ tries, saves: disk.saves }).toEqual({ tries: 2, saves: 1 })
  expect(heldOf(session, ids)).toBe(0)
})

test('a task that comes back from a snapshot is live, in its place, and finished again later', async () => {
  const session = await open()
  const ids = await finishTasks(session, MANY)
  await session.engine.close()
  const { engine } = await open()
  const before = engine.find(ids[7]!)!
  expect(await engine.command(ids[7]!, RESTORE)).toMatchObject({ status: 'active', title: before.title })
  expect(engine.tasks(['active']).map(({ id }) => id)).toEqual([ids[7]])
  expect(engine.tasks().map(({ id }) => id)).toEqual(ids)
  // What was known before is not taken for the truth any more.
  expect(engine.find(ids[7]!, before)).toMatchObject({ status: 'active' })
  await engine.command(ids[7]!, ABANDON)
  expect(engine.find(ids[7]!, before)).toMatchObject({ version: before.version + 4 })
})

test('opening, recovering and listing what is live looks at no finished task', async () => {
  const session = await open()
  await finishTasks(session, MANY)
  await session.engine.create({ id: 'live' })
  await session.engine.close()
  const snapshots = snapshotsOf()
  const looks = new Set<string>()
  snapshots.find = (id) => (looks.add(id), null)
  snapshots.done = () => (looks.add('all'), [])
  const { engine } = await world.open({ ports: { snapshots } })
  await engine.recover()
  await engine.create({ id: 'live-2' })
  await engine.command('live', PARK)
  expect(engine.tasks(['active', 'parked']).map(({ id }) => id)).toEqual(['live', 'live-2'])
  expect([...looks]).toEqual(['live-2'])
})
