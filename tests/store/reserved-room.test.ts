import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog } from '@coppice/store'
import { expect, it } from 'vitest'
import { errorOf } from './helpers/errors.js'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { filesOf, segmentPath, writeLog } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

const ROOM = /\n(\n*)$/

function roomIn(directory: string, segment = 1): number {
  return ROOM.exec(readFileSync(segmentPath(directory, segment), 'latin1'))![1]!.length
}

it('reserves as much room behind the records as it has written, and gives it back when it closes', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  await log.append('task/a', [parked(1)], 'any')
  expect(roomIn(directory)).toBe(0)
  for (let index = 0; index < 40; index++) await log.append('task/a', [parked(index)], 'any')
  const { length } = readFileSync(segmentPath(directory))
  expect(roomIn(directory)).toBeGreaterThan(1_000)
  expect(roomIn(directory)).toBeLessThan(length / 2)
  await log.close()
  expect(roomIn(directory)).toBe(0)
  expect(await factsOf(await openFileLog(directory))).toHaveLength(41)
})

it('never reserves more than the limit, nor beyond the end of the segment', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory, { segmentBytes: 1_000_000 })
  await log.append('task/a', manyParked(1_300), 'any')
  await log.append('task/a', manyParked(1_300), 'any')
  expect(roomIn(directory)).toBe(262_144)
  const small = temporaryDirectory()
  const other = await openFileLog(small, { segmentBytes: 5_000 })
  for (let index = 0; index < 30; index++) await other.append('task/a', [parked(index)], 'any')
  for (const text of Object.values(filesOf(small))) expect(text.length).toBeLessThan(5_300)
  expect(roomIn(small, 1)).toBe(0)
  await Promise.all([log.close(), other.close()])
})

it('is shared by processes: one goes on in the room that another has reserved', async () => {
  const directory = temporaryDirectory()
  const one = await openFileLog(directory)
  const other = await openFileLog(directory)
  for (let index = 0; index < 30; index++) await one.append('task/a', [parked(index)], index)
  expect(roomIn(directory)).toBeGreaterThan(1_000)
  const { length } = readFileSync(segmentPath(directory))
  await other.append('task/a', [parked('other')], 30)
  await one.append('task/a', [parked('one')], 31)
  expect(readFileSync(segmentPath(directory))).toHaveLength(length)
  await one.close()
  await other.append('task/a', [parked('other')], 32)
  expect(await factsOf(other)).toHaveLength(33)
  await other.close()
})

it('is not taken for the end where records were, so that an emptied stretch is damage', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 2, 1, 3])
  const good = readFileSync(segmentPath(directory), 'latin1')
  const lines = good.split('\n')
  for (const emptied of [1, 2, 4]) {
    const text = lines.map((line, index) => (index === emptied ? '\n'.repeat(line.length) : line)).join('\n')
    writeFileSync(segmentPath(directory), text)
    const log = await openFileLog(directory)
    const expected = { code: 'log-corrupt', path: segmentPath(directory) }
    expect(await errorOf(factsOf(log))).toMatchObject(expected)
    expect(await errorOf(log.append('task/a', [parked('')], 'any'))).toMatchObject(expected)
    expect(filesOf(directory)['00000001.jsonl']).toBe(text)
    await log.close()
  }
})

it('holds what is left of an interrupted write in any order, of which the whole is cut off', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 2])
  const { length } = readFileSync(segmentPath(directory))
  const log = await openFileLog(directory)
  await Promise.all([log.append('task/a', manyParked(2), 'any'), log.append('task/b', manyParked(2), 'any')])
  await log.close()
  const written = readFileSync(segmentPath(directory), 'latin1')
  const group = written.slice(length)
  const lines = group.split('\n')
  for (const missing of [0, 1, 2]) {
    for (const filler of ['\n', '\0']) {
      const left = lines
        .map((line, index) => (index === missing ? filler.repeat(line.length) : line))
        .join('\n')
      const other = temporaryDirectory()
      mkdirSync(join(other, 'log'))
      writeFileSync(segmentPath(other), written.slice(0, length) + left + '\n'.repeat(500), 'latin1')
      const again = await openFileLog(other)
      // Only the first of the two appends can be whole.
      const whole = missing === 2 ? 5 : 3
      expect(await factsOf(again)).toHaveLength(whole)
      await again.append('task/c', [parked('after')], 'no-stream')
      expect(await factsOf(await openFileLog(other))).toHaveLength(whole + 1)
      await again.close()
    }
  }
})

it('takes a part of a write that a killed process left in the room for what it is, however well the room was known', async () => {
  const directory = temporaryDirectory()
  const dying = await openFileLog(directory)
  for (let index = 0; index < 20; index++) await dying.append('task/a', [parked(index)], 'any')
  const log = await openFileLog(directory)
  await log.append('task/b', [parked(1)], 'any')
  const bytes = readFileSync(segmentPath(directory))
  const end = bytes.length - roomIn(directory)
  const write = Buffer.from('{"v":2,"seq":22,"version":21,"stream":"task/a"')
  bytes.set(write, end)
  writeFileSync(segmentPath(directory), bytes)

  expect(await factsOf(log)).toHaveLength(21)
  expect(await log.append('task/b', [parked(2)], 1)).toMatchObject([{ sequence: 22 }])
  expect(filesOf(directory)[`torn-00000001-${end}.bin`]).toContain('"seq":22')
  expect(await factsOf(await openFileLog(directory))).toHaveLength(22)
  await Promise.all([log.close(), dying.close()])
})
