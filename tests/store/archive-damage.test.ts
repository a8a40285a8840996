import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkShard, writeShard } from '../../packages/store/src/archive/shard-file.js'
import { archiveFiles, archiveIn, expectContent, numbers } from './helpers/archives.js'
import { damages, isDamageable } from './helpers/damage.js'
import { temporaryDirectory } from './helpers/temporary.js'

const VALUES = numbers(12)

/** An archive as a process left it. */
async function saved(): Promise<string> {
  const directory = temporaryDirectory()
  const archive = archiveIn(directory)
  await archive.save({ at: 1 }, VALUES)
  archive.close()
  return directory
}

test('every damage is seen when it is opened, however soon after the save it happened', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), damages, async (file, damage) => {
      const directory = await saved()
      const files = archiveFiles(directory)
      damage(files[file % files.length]!)
      expect(await archiveIn(directory).open()).toBeNull()
    }),
  )
})

test('whatever is damaged, and however often, nothing is given back that was not saved', async () => {
  const damaged = fc.array(fc.tuple(fc.nat(), damages), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(damaged, async (list) => {
      const directory = await saved()
      for (const [file, damage] of list) {
        const files = archiveFiles(directory).filter(isDamageable)
        damage(files[file % files.length]!)
      }
      const archive = archiveIn(directory)
      // Bytes that are flipped twice may be as they were.
      expectContent(archive, (await archive.open()) === null ? new Map() : VALUES)
    }),
  )
})

test('a directory in the place of a file is damage too', async () => {
  const directory = await saved()
  const path = archiveFiles(directory)[1]!
  rmSync(path)
  mkdirSync(path)
  expect(await archiveIn(directory).open()).toBeNull()
})

test('a file in the place of another is damage too', async () => {
  const directory = await saved()
  const [, one, other] = archiveFiles(directory)
  copyFileSync(one!, other!)
  expect(await archiveIn(directory).open()).toBeNull()
})

test('without the lock that keeps its files there is no archive', async () => {
  const directory = await saved()
  rmSync(join(directory, 'numbers', 'readers.lock'))
  expect(await archiveIn(directory).open()).toBeNull()
})

test('the next save makes it whole again', async () => {
  const directory = await saved()
  writeFileSync(archiveFiles(directory)[3]!, 'nonsense')
  const archive = archiveIn(directory)
  expect(await archive.open()).toBeNull()
  await archive.save({ at: 2 }, VALUES)
  const other = archiveIn(directory)
  expect(await other.open()).toEqual({ at: 2 })
  expectContent(other, VALUES)
})

test('a shard that goes bad while it is open is told, whichever way one comes upon it', async () => {
  const directory = await saved()
  const archive = archiveIn(directory)
  await archive.open()
  for (const path of archiveFiles(directory).slice(1)) rmSync(path)
  const damaged = expect.objectContaining({ code: 'archive-damaged' })
  expect(() => archive.get('key-1')).toThrow(damaged)
  expect(() => [...archive.entries()]).toThrow(damaged)
  await expect(archive.save({}, new Map([['key-1', 2]]))).rejects.toThrow(damaged)
  archive.discard()
  expect(archive.get('key-1')).toBeUndefined()
  await archive.save({ at: 3 }, VALUES)
  expectContent(archive, VALUES)
})

test('files that were only touched or copied are good', async () => {
  const directory = await saved()
  for (const path of archiveFiles(directory)) utimesSync(path, 1, 1)
  const touched = archiveIn(directory)
  expect(await touched.open()).toEqual({ at: 1 })
  touched.close()
  const copy = temporaryDirectory()
  cpSync(directory, copy, { recursive: true })
  const copied = archiveIn(copy)
  expect(await copied.open()).toEqual({ at: 1 })
  expectContent(copied, VALUES)
})

test.each([
  ['empty', ''],
  ['no JSON', 'numbers'],
  ['another JSON', '{"checksum":"","shards":[]}'],
  [
    'a sealed null',
    '{"checksum":"74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b","content":null}',
  ],
])('a list of shards that is %s is none', async (_, text) => {
  const directory = await saved()
  writeFileSync(archiveFiles(directory)[0]!, text)
  expect(await archiveIn(directory).open()).toBeNull()
})

test('a file that changed within the tick of the clock in which it was listed is read to be sure', () => {
  const directory = temporaryDirectory()
  const written = writeShard(directory, 'ab', new Map([['key', 1]]))
  const path = join(directory, written.name)
  writeFileSync(path, readFileSync(path, 'utf8').replace('1', '2'))
  const { size, ino, ctimeMs } = statSync(path)
  const shard = { ...written, mark: { size, inode: ino, changed: ctimeMs } }
  expect(checkShard(directory, shard, ctimeMs)).toBeNull()
  // Had it been as it is now for longer, it would not have been read.
  expect(checkShard(directory, shard, ctimeMs + 1)).toEqual(shard)
})
