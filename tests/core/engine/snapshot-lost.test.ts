import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { isCoppiceError, type RecordedFact } from '@coppice/core'
import { SimulatedSnapshots, SnapshotDisk } from '@coppice/testkit'
import { beforeEach, expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../helpers/requests.js'
import { flakyLog } from '../helpers/world/flaky-log.js'
import { World, type Session } from '../helpers/world/world.js'

const lost = expect.objectContaining({ code: 'snapshot-lost' }) as Error

let world: World
let disk: SnapshotDisk

const open = (): Promise<Session> => world.open({ ports: { snapshots: new SimulatedSnapshots({ disk }) } })

/** A live task, and finished ones in a snapshot that is good when it is opened, and then is not any more. */
beforeEach(async () => {
  world = new World()
  disk = new SnapshotDisk()
  const { engine } = await open()
  await engine.create({ id: 'live' })
  for (let index = 0; index < 90; index++) {
    await engine.create({ id: `task-${index}` })
    await engine.command(`task-${index}`, ABANDON)
  }
  await engine.close()
})

async function openAndLose(): Promise<Session> {
  const session = await open()
  disk.damage()
  return session
}

function refused(error: unknown): void {
  if (!isCoppiceError(error)) throw error
}

async function expectAsReplayed({ engine }: Session): Promise<void> {
  expect(engine.tasks()).toEqual((await world.open()).engine.tasks())
}

test('what cannot be looked up is told, and what is in memory is known as before', async () => {
  const { engine } = await openAndLose()
  expect(() => engine.find('task-3')).toThrow(lost)
  expect(() => engine.tasks()).toThrow(lost)
  expect(engine.find('live')).toMatchObject({ status: 'active' })
  expect(engine.tasks(['active'])).toHaveLength(1)
})

test('a refresh reads it from the log, and tells no listener again', async () => {
  const session = await openAndLose()
  const { engine, told } = session
  expect(() => engine.find('task-3')).toThrow(lost)
  await engine.refresh()
  expect(engine.find('task-3')).toMatchObject({ status: 'abandoned' })
  await expectAsReplayed(session)
  expect(told).toEqual([])
})

test.each<[string, (session: Session) => Promise<unknown>]>([
  ['a command to a task', ({ engine }) => engine.command('task-3', RESTORE)],
  ['a command that is refused', ({ engine }) => engine.command('task-3', PARK).catch(refused)],
  ['a creation', ({ engine }) => engine.create({ id: 'task-4' }).catch(refused)],
  [
    'what another process did to a task',
    async ({ engine }) => {
      const other = await world.open()
      await other.engine.command('task-3', RESTORE)
      await engine.refresh()
    },
  ],
])('%s comes through, and everything is known from the log', async (_, act) => {
  const session = await openAndLose()
  await act(session)
  await expectAsReplayed(session)
})

test('the log is read whole once, and not again after that', async () => {
  let readings = 0
  const flaky = flakyLog(world.log)
  const read = (from = 1): AsyncIterable<RecordedFact> => {
    if (from === 1) readings += 1
    return world.log.read(from)
  }
  const { engine } = await world.open({
    ports: { snapshots: new SimulatedSnapshots({ disk }), log: { ...flaky.log, read } },
  })
  disk.damage()
  for (let index = 0; index < 5; index++) await engine.command(`task-${index}`, RESTORE)
  expect(readings).toBe(1)
})

test('a save that is under way is waited for, since it relies on what is lost', async () => {
  const steps: string[] = []
  const step = async (): Promise<void> => {
    disk.damage()
    await sleep(50)
    steps.push('saved')
  }
  const snapshots = new SimulatedSnapshots({ disk, steps: { step } })
  const session = await world.open({ ports: { snapshots } })
  for (let round = 0; !disk.isDamaged(); round++) {
    await session.engine.command('live', round % 2 === 0 ? PARK : RESUME)
  }
  expect(() => session.engine.find('task-3')).toThrow(lost)
  await session.engine.refresh()
  steps.push('read')
  expect(steps).toEqual(['saved', 'read'])
  await expectAsReplayed(session)
})

test('everything is saved anew, so that the next opening has a good snapshot', async () => {
  const session = await openAndLose()
  await session.engine.command('task-3', RESTORE)
  await session.engine.close()
  expect(disk.snapshot).toMatchObject({ sequence: session.engine.position })
  expect(disk.saved?.done.size).toBe(89)
  await expectAsReplayed(await open())
})

test('a save that comes upon it on closing has everything read from the log first', async () => {
  const session = await openAndLose()
  for (let round = 0; round < 80; round++) {
    await session.engine.command('live', PARK)
    await session.engine.command('live', RESUME)
  }
  await session.engine.close()
  expect(disk.snapshot).toMatchObject({ sequence: session.engine.position })
  await expectAsReplayed(await open())
})

test('a save that comes upon it in the background leaves it to what comes next', async () => {
  const session = await openAndLose()
  for (let round = 0; round < 1_100; round++) {
    await session.engine.command('live', PARK)
    await session.engine.command('live', RESUME)
  }
  await turn()
  expect(disk.isDamaged()).toBe(false)
  await expectAsReplayed(session)
  expect(disk.saved?.done.size).toBe(90)
})

test('as long as the log cannot be read either, what is asked for fails, and nothing is forgotten', async () => {
  const flaky = flakyLog(world.log)
  const session = await world.open({ ports: { snapshots: new SimulatedSnapshots({ disk }), log: flaky.log } })
  disk.damage()
  expect(() => session.engine.find('task-3')).toThrow(lost)
  flaky.broken = new Error('an input/output error')
  await expect(session.engine.command('task-3', RESTORE)).rejects.toBe(flaky.broken)
  expect(() => session.engine.find('task-3')).toThrow(lost)
  flaky.broken = null
  expect(await session.engine.command('task-3', RESTORE)).toMatchObject({ status: 'active' })
  await expectAsReplayed(session)
})
