import { Engine, SNAPSHOT_SCHEMA, type SnapshotUpdate, type TaskEntry } from '@coppice/core'
import {
  arbitraryStory,
  assertAsRecorded,
  BrokenPromise,
  play,
  SimulatedSnapshots,
  SimulatedWorld,
  Simulation,
  SnapshotDisk,
} from '@coppice/testkit'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'

let disk: SnapshotDisk
let entry: TaskEntry

beforeEach(async () => {
  disk = new SnapshotDisk()
  const engine = await Engine.open(new SimulatedWorld().start().ports)
  entry = { first: 1, task: await engine.create({ id: 'fix' }) }
})

/** What a process would save at a position, with a task that is done since. */
const update =
  (sequence: number, done = new Map([['fix', entry]])): (() => SnapshotUpdate) =>
  () => ({ snapshot: { schema: SNAPSHOT_SCHEMA, sequence, hash: 'h', live: [] }, done })

const lost = expect.objectContaining({ code: 'snapshot-lost' }) as Error

describe('a process that knows a snapshot', () => {
  let snapshots: SimulatedSnapshots
  let another: SimulatedSnapshots

  beforeEach(async () => {
    snapshots = new SimulatedSnapshots({ disk })
    another = new SimulatedSnapshots({ disk })
    await snapshots.save(update(3))
    await another.load()
  })

  test('finds its done tasks, whatever others save meanwhile', async () => {
    await another.save(update(5, new Map()))
    for (const each of [snapshots, another])
      expect([each.find('fix'), [...each.done()]]).toEqual([entry, [entry]])
    expect(await snapshots.load()).toMatchObject({ sequence: 5 })
  })

  test('is told when they are damaged, until it discards it; to others there is none', async () => {
    disk.damage()
    for (const each of [snapshots, another]) {
      expect(() => each.find('fix')).toThrow(lost)
      expect(() => each.done()).toThrow(lost)
      await expect(each.save(update(4))).rejects.toThrow(lost)
    }
    snapshots.discard()
    expect([snapshots.find('fix'), [...snapshots.done()], await snapshots.load()]).toEqual([null, [], null])
    await snapshots.save(update(4))
    expect(await new SimulatedSnapshots({ disk }).load()).toMatchObject({ sequence: 4 })
    expect(() => another.find('fix')).toThrow(lost)
  })

  test('goes on with it when it is deleted, and when an older one is there', async () => {
    await another.save(update(5, new Map()))
    disk.goBack()
    expect(await new SimulatedSnapshots({ disk }).load()).toMatchObject({ sequence: 3 })
    disk.lose()
    expect(await new SimulatedSnapshots({ disk }).load()).toBeNull()
    expect(snapshots.find('fix')).toEqual(entry)
  })
})

test('a save that cannot be made comes to nothing, and a killed process makes none', async () => {
  const failing = new SimulatedSnapshots({ disk, steps: { step: () => Promise.reject(new Error('ENOSPC')) } })
  expect([await failing.save(update(3)), disk.saves, disk.saved]).toEqual([false, 0, null])
  const world = new SimulatedWorld()
  const process = world.start()
  process.kill()
  void process.ports.snapshots?.save(update(3))
  await world.clock.advance(1)
  expect(world.snapshots.saves).toBe(0)
})

test('an engine that knows what the log does not say is found out', async () => {
  const world = new SimulatedWorld()
  const engine = await Engine.open(world.start().ports)
  await engine.create({ id: 'fix' })
  await engine.command('fix', ABANDON)
  const tasks = engine.tasks()
  const facts = world.disk.all()
  expect(() => assertAsRecorded(tasks, facts)).not.toThrow()
  expect(() => assertAsRecorded([], facts)).toThrow(
    new BrokenPromise('known are no tasks, and recorded are fix'),
  )
  const otherwise = tasks.map((task) => Object.assign({}, task, { title: 'another' }))
  expect(() => assertAsRecorded(otherwise, facts)).toThrow(
    /^\{.*"another".*\} is known, and recorded is \{.*null/,
  )
})

test('stories find an engine that takes a damaged snapshot for one without done tasks', async () => {
  const found = await fc.check(
    fc.asyncProperty(arbitraryStory({ tasks: ['a'], processes: 1, maxMoves: 40 }), async (moves) => {
      const simulation = new Simulation()
      const { world } = simulation
      const start = world.start.bind(world)
      world.start = (steps) => {
        const process = start(steps)
        const { snapshots } = process.ports
        if (snapshots !== null) {
          const find = snapshots.find.bind(snapshots)
          snapshots.find = (id) => (world.snapshots.isDamaged() ? null : find(id))
          snapshots.done = () => []
        }
        return process
      }
      await play(simulation, moves)
    }),
    { numRuns: 2_000, seed: 1 },
  )
  expect((found.errorInstance as Error).message).toMatch(/^known are no tasks, and recorded are a/)
  expect(found.counterexample?.[0].length).toBeLessThanOrEqual(8)
})
