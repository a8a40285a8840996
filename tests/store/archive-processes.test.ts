import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LockFile } from '../../packages/store/src/locks/lock-file.js'
import { archiveFiles, archiveIn, expectContent, numbers } from './helpers/archives.js'
import { finished, start } from './helpers/programs.js'
import { temporaryDirectory } from './helpers/temporary.js'

test('it goes on with what it opened, whatever others save and however often', async () => {
  const directory = temporaryDirectory()
  const writer = archiveIn(directory)
  await writer.save({ at: 0 }, numbers(100))
  const reader = archiveIn(directory)
  await reader.open()
  for (let at = 1; at <= 5; at++)
    await writer.save({ at }, new Map([...numbers(100).keys()].map((key) => [key, at])))
  expectContent(reader, numbers(100))
})

test('files that nobody needs any more go with the next save', async () => {
  const directory = temporaryDirectory()
  const writer = archiveIn(directory)
  await writer.save({}, numbers(1))
  const reader = archiveIn(directory)
  await reader.open()
  await writer.save({}, new Map([['key-0', 1]]))
  expect(archiveFiles(directory)).toHaveLength(3)
  reader.close()
  await writer.save({}, new Map([['key-0', 2]]))
  expect(archiveFiles(directory)).toHaveLength(2)
})

test('what a killed saver left behind goes too', async () => {
  const directory = temporaryDirectory()
  const writer = archiveIn(directory)
  await writer.save({}, numbers(1))
  for (const name of ['.ab-123.json.tmp', 'ab-123.json'])
    writeFileSync(join(directory, 'numbers', name), 'half')
  await writer.save({}, new Map([['key-0', 2]]))
  expect(readdirSync(join(directory, 'numbers'))).toHaveLength(2)
})

test('two that save in turn each keep what is theirs', async () => {
  const directory = temporaryDirectory()
  const one = archiveIn(directory)
  await one.save({ by: 'one' }, numbers(50))
  const two = archiveIn(directory)
  await two.open()
  for (let round = 0; round < 4; round++) {
    await one.save({ by: 'one' }, new Map([[`key-${round}`, -1]]))
    await two.save({ by: 'two' }, new Map([[`key-${round}`, -2]]))
  }
  expect(one.get('key-0')).toBe(-1)
  expect(two.get('key-0')).toBe(-2)
  const three = archiveIn(directory)
  expect(await three.open()).toEqual({ by: 'two' })
  expectContent(three, new Map(two.entries()))
})

test('whoever comes while another saves does not save', async () => {
  const directory = temporaryDirectory()
  const lock = new LockFile(join(directory, 'numbers.lock'))
  expect(lock.tryLock()).toBe(true)
  const archive = archiveIn(directory)
  expect(await archive.save({}, numbers(3))).toBe(false)
  expect(readdirSync(directory)).toEqual(['numbers.lock'])
  lock.close()
  const saves = [archive.save({}, numbers(1_000)), archive.save({}, numbers(1_000))]
  expect(await Promise.all(saves)).toEqual([true, false])
})

test('a save leaves room for other work', async () => {
  const archive = archiveIn(temporaryDirectory())
  const progress = { isSaved: false, turns: 0 }
  const saving = archive.save({}, numbers(2_000)).then((isSaved) => (progress.isSaved = isSaved))
  for (; !progress.isSaved; progress.turns++) await turn()
  await saving
  expect(progress.turns).toBeGreaterThan(200)
})

test('a reader sees one of the archives that were saved, whole, while processes save and are killed', async () => {
  const directory = temporaryDirectory()
  const reader = archiveIn(directory)
  const seen = new Set<number>()
  for (let round = 0; round < 6; round++) {
    const savers = [start('saveArchive', directory, round * 1_000), start('saveArchive', directory, 500_000)]
    const ends = savers.map(finished)
    await Promise.race(savers.map((saver) => once(saver.stdout, 'data')))
    for (let look = 0; look < 40; look++) {
      const { value } = (await reader.open()) as { value: number }
      seen.add(value)
      const values = [...reader.entries()].map(([, each]) => each)
      expect(values).toEqual(Array.from({ length: 100 }, () => value))
    }
    for (const saver of savers) saver.kill('SIGKILL')
    await Promise.all(ends)
  }
  expect(seen.size).toBeGreaterThan(1)
})
