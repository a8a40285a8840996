import type { RecordedFact, Snapshot } from '@coppice/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { PARK, RESUME } from '../helpers/requests.js'
import { MemorySnapshots } from '../helpers/world/memory-snapshots.js'
import { World, type Session } from '../helpers/world/world.js'

let world: World
let snapshots: MemorySnapshots

const open = async (): Promise<Session> => world.open({ ports: { snapshots } })
const saved = (): Snapshot => JSON.parse(snapshots.json!) as Snapshot

/** A log that is long enough for a snapshot to be worth it, and its snapshot. */
beforeEach(async () => {
  world = new World()
  snapshots = new MemorySnapshots()
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
const replayed = async (): Promise<unknown> => known(await world.open())

describe('a snapshot', () => {
  test('is saved on closing, and is the state that a full replay gives', async () => {
    const { engine } = await world.open()
    expect(saved()).toMatchObject({ sequence: engine.position, tasks: engine.tasks() })
    expect(known(await open())).toEqual(await replayed())
  })

  test('is what the next engine starts from: only later facts are read', async () => {
    const state = { ...saved().tasks[0]!, title: 'only in the snapshot' }
    snapshots.json = JSON.stringify({ ...saved(), tasks: [state] })
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
    const before = snapshots.json
    const { engine } = await open()
    await engine.command('fix', PARK)
    await engine.close()
    expect(snapshots.json).toBe(before)
  })

  test('that cannot be saved does not keep the log from being closed, and the error surfaces', async () => {
    const error = new Error('the disk is full')
    snapshots.json = null
    const { engine } = await open()
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
    const snapshot = { ...saved(), tasks: [{ ...saved().tasks[0]!, id: 'a-task-that-never-was' }] }
    snapshots.json = JSON.stringify(change(snapshot, (await world.facts())[0]!))
    expect(known(await open())).toEqual(await replayed())
  })

  test('that is not there', async () => {
    snapshots.json = null
    expect(known(await open())).toEqual(await replayed())
  })
})
