import type { RecordedFact, Snapshot, TaskEntry } from '@coppice/core'
import { SimulatedSnapshots, SnapshotDisk } from '@coppice/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { PARK, RESUME } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

let world: World
let disk: SnapshotDisk

const open = async (): Promise<Session> =>
  world.open({ ports: { snapshots: new SimulatedSnapshots({ disk }) } })

/** A log that is long enough for a snapshot to be worth it, and its snapshot. */
beforeEach(async () => {
  world = new World()
  disk = new SnapshotDisk()
  const { engine } = await open()
  await engine.create({ id: 'fix' })
  for (let turn = 0; turn < 70; turn++) {
    await engine.command('fix', PARK)
    await engine.command('fix', RESUME)
  }
  await engine.close()
})

/** What an engine knows once it has opened the log. */
const known = ({ engine }: Session): unknown => ({ position: engine.position, tasks: engine.tasks() })
const renamed =
  (title: string) =>
  ({ first, task }: TaskEntry): TaskEntry => ({ first, task: { ...task, title } })
const replayed = async (): Promise<unknown> => known(await world.open())

describe('a snapshot', () => {
  test('is saved on closing, and is the state that a full replay gives', async () => {
    const { engine } = await world.open()
    expect(disk.snapshot).toMatchObject({ sequence: engine.position, live: [{ task: engine.find('fix') }] })
    expect(known(await open())).toEqual(await replayed())
  })

  test('is what the next engine starts from: only later facts are read', async () => {
    disk.change((snapshot) => ({ ...snapshot, live: snapshot.live.map(renamed('only in the snapshot')) }))
    const { engine } = await open()
    expect(engine.find('fix')?.title).toBe('only in the snapshot')
  })

  test('is gone on from with the facts that came after it', async () => {
    const { engine } = await world.open()
    await engine.command('fix', PARK)
    await engine.create({ id: 'another' })
    expect(known(await open())).toEqual(await replayed())
  })

  test('is not saved again for a few facts more', async () => {
    const { engine } = await open()
    await engine.command('fix', PARK)
    await engine.close()
    expect(disk.saves).toBe(1)
  })

  test('that cannot be saved does not keep the log from being closed, and the error surfaces', async () => {
    const error = new Error('the disk is full')
    disk.lose()
    const snapshots = new SimulatedSnapshots({ disk })
    const { engine } = await world.open({ ports: { snapshots } })
    snapshots.save = () => Promise.reject(error)
    await expect(engine.close()).rejects.toBe(error)
    await expect(engine.command('fix', PARK)).rejects.toMatchObject({ code: 'log-closed' })
  })
})

describe('a snapshot is left aside', () => {
  test.each<[string, (snapshot: Snapshot, first: RecordedFact) => object]>([
    ['whose shape is of another version', (snapshot) => ({ ...snapshot, schema: snapshot.schema + 1 })],
    ['of another log', (snapshot) => ({ ...snapshot, hash: 'another' })],
    ['from beyond the end of the log', (snapshot) => ({ ...snapshot, sequence: 100_000 })],
    ['of an earlier position than its hash', (snapshot) => ({ ...snapshot, sequence: 7 })],
    ['of no position', (snapshot, first) => ({ ...snapshot, sequence: 0, hash: first.hash })],
  ])('%s', async (_, change) => {
    const first = (await world.facts())[0]!
    disk.change((snapshot) => change({ ...snapshot, live: snapshot.live.map(renamed('wrong')) }, first))
    expect(known(await open())).toEqual(await replayed())
  })

  test('that is not there', async () => {
    disk.lose()
    expect(known(await open())).toEqual(await replayed())
  })
})
