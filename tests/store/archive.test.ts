import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { Archive } from '../../packages/store/src/archive/archive.js'
import { archiveFiles, archiveIn, expectContent, numbers } from './helpers/archives.js'
import { temporaryDirectory } from './helpers/temporary.js'

test('that nobody saved is empty, and opening it writes nothing', async () => {
  const directory = temporaryDirectory()
  const archive = archiveIn(directory)
  expect(await archive.open()).toBeNull()
  expect(archive.get('key')).toBeUndefined()
  expect([...archive.entries()]).toEqual([])
  expect(readdirSync(directory)).toEqual([])
})

test('gives back what was saved, in another instance too', async () => {
  const directory = temporaryDirectory()
  const archive = archiveIn(directory)
  expect(await archive.save({ at: 7 }, numbers(1_000))).toBe(true)
  expectContent(archive, numbers(1_000))
  const other = archiveIn(directory)
  expect(await other.open()).toEqual({ at: 7 })
  expectContent(other, numbers(1_000))
  expect(other.get('another')).toBeUndefined()
})

test('holds any keys and any JSON', async () => {
  const directory = temporaryDirectory()
  const json = fc.jsonValue({ noUnicodeString: false })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), json), async (object) => {
      const values = new Map(Object.entries(JSON.parse(JSON.stringify(object)) as object))
      const archive = new Archive<unknown>(directory, 'anything')
      await archive.save({}, values)
      const other = new Archive<unknown>(directory, 'anything')
      await other.open()
      expect(new Map(other.entries())).toEqual(values)
      for (const [key, value] of values) expect(other.get(key)).toEqual(value)
      archive.close()
      other.close()
    }),
  )
})

test('takes changes one save after the other: new keys, other values', async () => {
  const change = fc.dictionary(fc.constantFrom(...numbers(12).keys()), fc.nat())
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 6 }), async (saves) => {
      const directory = temporaryDirectory()
      const model = new Map<string, number>()
      const archive = archiveIn(directory)
      for (const [at, changes] of saves.entries()) {
        await archive.save({ at }, new Map(Object.entries(changes)))
        for (const [key, value] of Object.entries(changes)) {
          model.set(key, value)
        }
        expectContent(archive, model)
      }
      const other = archiveIn(directory)
      expect(await other.open()).toEqual(saves.length === 0 ? null : { at: saves.length - 1 })
      expectContent(other, model)
    }),
    { numRuns: 25 },
  )
})

test('writes only the shards that a change touches, and removes those that it replaces', async () => {
  const directory = temporaryDirectory()
  const archive = archiveIn(directory)
  await archive.save({}, numbers(2_000))
  const before = new Set(archiveFiles(directory))
  expect(before.size).toBe(257)
  await archive.save({}, new Map([['key-7', 8]]))
  const after = new Set(archiveFiles(directory))
  expect(after.size).toBe(257)
  expect([...after].filter((path) => !before.has(path))).toHaveLength(1)
})

test('is JSON that anyone can read', async () => {
  const directory = temporaryDirectory()
  await archiveIn(directory).save({ at: 7 }, new Map([['key', 1]]))
  const [manifest, shard] = archiveFiles(directory).map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as unknown,
  )
  expect(manifest).toMatchObject({ content: { format: 2, meta: { at: 7 } } })
  expect(shard).toMatchObject({ content: { key: 1 } })
})

test('reads a shard only when it is asked for', async () => {
  const directory = temporaryDirectory()
  await archiveIn(directory).save({}, numbers(1_000))
  const archive = archiveIn(directory)
  await archive.open()
  for (const path of archiveFiles(directory).slice(1)) truncateSync(path, 10)
  expect(() => archive.get('key-1')).toThrow(expect.objectContaining({ code: 'archive-damaged' }))
})

test('keeps what was asked for last in memory, and not everything', async () => {
  const directory = temporaryDirectory()
  const archive = new Archive<string>(directory, 'numbers')
  onTestFinished(() => archive.close())
  const keys = [...numbers(40).keys()]
  const text = 'x'.repeat(500_000)
  await archive.save({}, new Map(keys.map((key) => [key, text])))
  for (const key of keys) archive.get(key)
  for (const path of archiveFiles(directory)) rmSync(path)
  const isHeld = (key: string): boolean => {
    try {
      return archive.get(key) === text
    } catch {
      return false
    }
  }
  expect(isHeld(keys.at(-1) ?? '')).toBe(true)
  const held = keys.filter(isHeld)
  expect(held.length).toBeGreaterThan(3)
  expect(held.length).toBeLessThan(15)
})

test('what cannot be written rejects the save, and the archive is as before', async () => {
  const directory = temporaryDirectory()
  const archive = archiveIn(directory)
  await archive.save({}, numbers(3))
  renameSync(join(directory, 'numbers.json'), join(directory, 'aside.json'))
  mkdirSync(join(directory, 'numbers.json'))
  await expect(archive.save({}, numbers(6))).rejects.toMatchObject({ code: 'EISDIR' })
  expectContent(archive, numbers(3))
  rmSync(join(directory, 'numbers.json'), { recursive: true })
  expect(await archive.save({}, numbers(6))).toBe(true)
  expectContent(archive, numbers(6))
})
