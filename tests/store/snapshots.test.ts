import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Snapshot } from '@coppice/core'
import { FileLocks, LowdbSnapshots, SnapshotSaveError } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { temporaryDirectory } from './helpers/temporary.js'

const snapshot: Snapshot = { schema: 1, sequence: 7, hash: 'abc', tasks: [] }

function refuse(error: SnapshotSaveError): never {
  throw error
}

it('gives back the last snapshot that was saved, in another process too', async () => {
  const directory = temporaryDirectory()
  const snapshots = new LowdbSnapshots(directory, refuse)
  expect(await snapshots.load()).toBeNull()
  await snapshots.save(snapshot)
  await snapshots.save({ ...snapshot, sequence: 8 })
  expect(await snapshots.load()).toEqual({ ...snapshot, sequence: 8 })
  expect(await new LowdbSnapshots(directory, refuse).load()).toEqual({ ...snapshot, sequence: 8 })
})

it('takes a file with any byte changed for no snapshot', async () => {
  const directory = temporaryDirectory()
  const path = join(directory, 'snapshot.json')
  await new LowdbSnapshots(directory, refuse).save(snapshot)
  const good = readFileSync(path)
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (offset, flip) => {
      const bytes = Buffer.from(good)
      bytes[offset] = bytes[offset]! ^ flip
      writeFileSync(path, bytes)
      // White space between the fields says nothing, so that a snapshot may still be there: but no other one.
      expect([null, snapshot]).toContainEqual(await new LowdbSnapshots(directory, refuse).load())
    }),
  )
  writeFileSync(path, good)
  expect(await new LowdbSnapshots(directory, refuse).load()).toEqual(snapshot)
})

it.each([
  ['empty', ''],
  ['cut off', '{"checksum":"abc","snap'],
  ['not an object', '"snapshot"'],
  ['of another shape', '{"tasks":[]}'],
  ['without its checksum', JSON.stringify({ checksum: '', snapshot })],
])('takes a file that is %s for no snapshot', async (_, text) => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'snapshot.json'), text)
  expect(await new LowdbSnapshots(directory, refuse).load()).toBeNull()
})

it('takes what cannot be read for no snapshot', async () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'snapshot.json'))
  expect(await new LowdbSnapshots(directory, refuse).load()).toBeNull()
})

it('tells of a snapshot that it could not save, and goes on', async () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  const errors: SnapshotSaveError[] = []
  await new LowdbSnapshots(join(file, 'state'), (error) => errors.push(error)).save(snapshot)
  expect(errors).toHaveLength(1)
  expect(errors[0]).toBeInstanceOf(SnapshotSaveError)
  expect(errors[0]).toMatchObject({ code: 'snapshot-not-saved', path: join(file, 'state', 'snapshot.json') })
})

it('leaves the saving to whoever is saving just now', async () => {
  const directory = temporaryDirectory()
  const lock = await new FileLocks(directory).acquire('snapshot')
  await new LowdbSnapshots(directory, refuse).save(snapshot)
  expect(readdirSync(directory)).toEqual(['snapshot.lock'])
  await lock.release()
})

it('is never seen half written, while several save at once', async () => {
  const directory = temporaryDirectory()
  const savers = Array.from({ length: 4 }, () => new LowdbSnapshots(directory, refuse))
  const saving = savers.map(async (saver, index) => {
    for (let sequence = 0; sequence < 20; sequence++) {
      await saver.save({ ...snapshot, sequence, hash: String(index).repeat(index * 10_000) })
    }
  })
  const loads: (Snapshot | null)[] = []
  const reader = new LowdbSnapshots(directory, refuse)
  const reading = (async () => {
    while (!existsSync(join(directory, 'snapshot.json'))) await delay(1)
    while (loads.length < 50) loads.push(await reader.load())
  })()
  await Promise.all([...saving, reading])
  expect(loads).not.toContain(null)
})
