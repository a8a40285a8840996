import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedFact } from '@coppice/core'
import { openFileLog, readGoodFacts, replaceLog } from '@coppice/store'
import { expect, test } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { segmentPath } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** A new log with as many facts as were found of the old one, each of which says so. */
async function replacedByCopy(directory: string): Promise<string | null> {
  return replaceLog(directory, async () => {
    const found: RecordedFact[] = []
    await readGoodFacts(join(directory, 'log'), (fact) => found.push(fact))
    return async (log) => {
      for (const { stream } of found) await log.append(stream, [parked('found')], 'any')
    }
  })
}

test('has all that anybody was told to be in the old log, and nobody adds to that any more', async () => {
  const directory = temporaryDirectory()
  const old = await openFileLog(directory)
  await old.append('task/a', manyParked(3), 'any')
  let acknowledged = 3
  const appending = (async () => {
    for (;;) acknowledged += (await old.append('task/b', [parked('meanwhile')], 'any')).length
  })()
  await expect.poll(() => acknowledged).toBeGreaterThan(10)
  const kept = await replacedByCopy(directory)
  expect(await appending.catch(codeOf)).toBe('log-corrupt')
  expect(await factsOf(await openFileLog(directory))).toHaveLength(acknowledged)
  expect(kept).toBe(join(directory, 'lost-log-1'))
  await old.close()
})

test('changes nothing where it turns out not to be needed', async () => {
  const directory = temporaryDirectory()
  const old = await openFileLog(directory)
  await old.append('task/a', manyParked(3), 'any')
  expect(await replaceLog(directory, async () => null)).toBeNull()
  expect(await old.append('task/a', [parked('more')], 3)).toHaveLength(1)
  await old.close()
})

test('keeps every log that it replaces, each in a directory of its own', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/a', manyParked(3), 'any')
  await log.close()
  const kept = [await replacedByCopy(directory), await replacedByCopy(directory)]
  expect(kept).toEqual(['lost-log-1', 'lost-log-2'].map((name) => join(directory, name)))
  for (const each of kept) {
    const found: RecordedFact[] = []
    await readGoodFacts(join(each ?? '', 'log'), (fact) => found.push(fact))
    expect(found).toHaveLength(3)
  }
})

test('says where the old log is, though an attempt was interrupted when it had moved that away', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/a', manyParked(3), 'any')
  await log.close()
  mkdirSync(join(directory, 'new-log.ready'))
  mkdirSync(join(directory, 'lost-log-1'))
  renameSync(join(directory, 'log'), join(directory, 'lost-log-1/log'))
  expect(await replacedByCopy(directory)).toBe(join(directory, 'lost-log-1'))
  expect(readdirSync(directory)).not.toContain('new-log.ready')
})

test('a part that cannot be read now is not taken for one that is lost', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/a', manyParked(3), 'any')
  await log.close()
  renameSync(segmentPath(directory), join(directory, 'elsewhere'))
  mkdirSync(segmentPath(directory))
  expect(await replacedByCopy(directory).catch(codeOf)).toBe('log-read-failed')
  expect(existsSync(join(directory, 'lost-log-1'))).toBe(false)
})
