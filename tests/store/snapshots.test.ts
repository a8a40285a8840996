import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { Snapshot, SnapshotUpdate, TaskEntry, TaskState } from '@coppice/core'
import { LowdbSnapshots, SnapshotSaveError } from '@coppice/store'
import { expect, onTestFinished, test } from 'vitest'
import { LockFile } from '../../packages/store/src/locks/lock-file.js'
import { temporaryDirectory } from './helpers/temporary.js'

function snapshotsIn(directory: string, options: { readOnly?: boolean } = {}): LowdbSnapshots {
  const refuse = (error: Error): never => {
    throw error
  }
  const snapshots = new LowdbSnapshots(directory, refuse, options)
  onTestFinished(() => snapshots.close())
  return snapshots
}

function snapshotAt(sequence: number): Snapshot {
  return { schema: 2, sequence, hash: `hash ${sequence}`, live: [] }
}

/** A save at a position, with so many tasks that are done since. */
function update(sequence: number, count = 0): () => SnapshotUpdate {
  const entries = Array.from({ length: count }, (_, index): [string, TaskEntry] => {
    const id = `task-${sequence}-${index}`
    return [id, { first: index + 1, task: { id, version: sequence } as TaskState }]
  })
  return () => ({ snapshot: snapshotAt(sequence), done: new Map(entries) })
}

test('the last snapshot that was saved is given back, in another process too', async () => {
  const directory = temporaryDirectory()
  const snapshots = snapshotsIn(directory)
  expect(await snapshots.load()).toBeNull()
  expect(await snapshots.save(update(7))).toBe(true)
  expect(await snapshots.save(update(8))).toBe(true)
  expect(await snapshots.load()).toEqual(snapshotAt(8))
  expect(await snapshotsIn(directory).load()).toEqual(snapshotAt(8))
})

test('tasks that are done are found one by one, and all of them, those of earlier saves too', async () => {
  const directory = temporaryDirectory()
  const writer = snapshotsIn(directory)
  await writer.save(update(1, 300))
  await writer.save(update(2, 5))
  const reader = snapshotsIn(directory)
  await reader.load()
  for (const snapshots of [writer, reader]) {
    expect(snapshots.find('task-1-299')).toEqual({ first: 300, task: { id: 'task-1-299', version: 1 } })
    expect(snapshots.find('task-2-4')).toMatchObject({ task: { version: 2 } })
    expect(snapshots.find('task-3-0')).toBeNull()
    expect([...snapshots.done()]).toHaveLength(305)
  }
})

test('nothing is found before a snapshot is loaded, nor after it is discarded', async () => {
  const directory = temporaryDirectory()
  await snapshotsIn(directory).save(update(1, 3))
  const snapshots = snapshotsIn(directory)
  expect(snapshots.find('task-1-0')).toBeNull()
  await snapshots.load()
  expect(snapshots.find('task-1-0')).not.toBeNull()
  snapshots.discard()
  expect(snapshots.find('task-1-0')).toBeNull()
  expect([...snapshots.done()]).toEqual([])
})

test('done tasks that have gone since the loading are lost, whoever asks for them', async () => {
  const directory = temporaryDirectory()
  await snapshotsIn(directory).save(update(1, 3))
  const snapshots = snapshotsIn(directory)
  await snapshots.load()
  rmSync(join(directory, 'snapshot'), { recursive: true })
  const lost = expect.objectContaining({ code: 'snapshot-lost' }) as Error
  expect(() => snapshots.find('task-1-0')).toThrow(lost)
  expect(() => [...snapshots.done()]).toThrow(lost)
  await expect(snapshots.save(update(1, 3))).rejects.toThrow(lost)
})

test('what is to be saved is asked for in a later turn, when whoever waits has been answered', async () => {
  let isAsked = false
  const saving = snapshotsIn(temporaryDirectory()).save(() => {
    isAsked = true
    return update(1)()
  })
  await Promise.resolve()
  expect(isAsked).toBe(false)
  await turn()
  expect(isAsked).toBe(true)
  await saving
})

test('who may only read writes nothing, and is not asked for anything', async () => {
  const directory = temporaryDirectory()
  const snapshots = snapshotsIn(directory, { readOnly: true })
  const ask = (): never => {
    throw new Error('nothing is to be saved')
  }
  expect(await snapshots.save(ask)).toBe(false)
  expect(readdirSync(directory)).toEqual([])
})

test('what cannot be read is no snapshot', async () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'snapshot.json'))
  expect(await snapshotsIn(directory).load()).toBeNull()
  const file = join(directory, 'file')
  writeFileSync(file, '')
  expect(await snapshotsIn(join(file, 'state')).load()).toBeNull()
})

test('a snapshot of an earlier version is none, and the next one takes its place', async () => {
  const directory = temporaryDirectory()
  const old = { checksum: 'abc', snapshot: { schema: 1, sequence: 7, hash: 'hash 7', tasks: [] } }
  writeFileSync(join(directory, 'snapshot.json'), JSON.stringify(old, null, 2))
  expect(await snapshotsIn(directory).load()).toBeNull()
  await snapshotsIn(directory).save(update(8))
  expect(await snapshotsIn(directory).load()).toEqual(snapshotAt(8))
})

test('a snapshot that cannot be saved is told, and stops nobody', async () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  const errors: Error[] = []
  const snapshots = new LowdbSnapshots(join(file, 'state'), (error) => errors.push(error))
  expect(await snapshots.save(update(1))).toBe(false)
  expect(errors).toHaveLength(1)
  expect(errors[0]).toBeInstanceOf(SnapshotSaveError)
  expect(errors[0]).toMatchObject({ code: 'snapshot-not-saved', path: join(file, 'state', 'snapshot.json') })
})

test('a snapshot that cannot be read is told, and is none', async () => {
  const directory = temporaryDirectory()
  await snapshotsIn(directory).save(update(1))
  rmSync(join(directory, 'snapshot.json'))
  symlinkSync('snapshot.json', join(directory, 'snapshot.json'))
  const errors: Error[] = []
  const snapshots = new LowdbSnapshots(directory, (error) => errors.push(error))
  expect(await snapshots.load()).toBeNull()
  expect(errors).toMatchObject([{ code: 'snapshot-not-read', path: join(directory, 'snapshot.json') }])
})

test('the saving is left to whoever is saving just now', async () => {
  const directory = temporaryDirectory()
  const lock = new LockFile(join(directory, 'snapshot.lock'))
  expect(lock.tryLock()).toBe(true)
  expect(await snapshotsIn(directory).save(update(1))).toBe(false)
  expect(readdirSync(directory)).toEqual(['snapshot.lock'])
  lock.close()
})

test('a snapshot is never seen half written, while several save at once', async () => {
  const directory = temporaryDirectory()
  await snapshotsIn(directory).save(update(1, 20))
  const savers = Array.from({ length: 4 }, () => snapshotsIn(directory))
  const saving = savers.map(async (saver, index) => {
    for (let round = 0; round < 10; round++) await saver.save(update(100 * index + round, 20))
  })
  const loads: (Snapshot | null)[] = []
  const reading = (async () => {
    const reader = snapshotsIn(directory)
    for (let round = 0; round < 50; round++) {
      const snapshot = await reader.load()
      loads.push(snapshot)
      expect([...reader.done()].length).toBeGreaterThanOrEqual(20)
      expect(reader.find(`task-${snapshot?.sequence}-19`)).not.toBeNull()
      await turn()
    }
  })()
  await Promise.all([...saving, reading])
  expect(loads).not.toContain(null)
})
