import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { factsOf, manyParked, parked } from './helpers/facts.js'
import { filesOf, segmentPath, writeLog } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

it('creates nothing before the first append, not even the directory', async () => {
  const directory = join(temporaryDirectory(), 'coppice')
  const log = await openFileLog(directory)
  expect(await factsOf(log)).toEqual([])
  expect(existsSync(directory)).toBe(false)
  await log.append('task/a', [parked(1)], 'no-stream')
  expect(readdirSync(directory).toSorted()).toEqual(['lock', 'log'])
  expect(readdirSync(join(directory, 'log'))).toEqual(['00000001.jsonl'])
  await log.close()
})

it('begins a new segment when one is full, chained to the one before, and never splits an append', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 5, 2, 2, 7, 1, 1, 1], 1_000)
  const texts = Object.values(filesOf(directory))
  expect(texts.length).toBeGreaterThan(3)
  let previous = '0'.repeat(64)
  let sequence = 1
  for (const [index, text] of texts.entries()) {
    const [header, ...records] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(header).toMatchObject({
      v: 2,
      log: 'coppice',
      segment: index + 1,
      first: sequence,
      prev: previous,
    })
    expect(records.at(-1)).not.toHaveProperty('more')
    expect(statSync(segmentPath(directory, index + 1)).size).toBeLessThan(1_000 + 7 * 250)
    previous = String(records.at(-1)!['hash'])
    sequence += records.length
  }
})

it('reads from any position, whatever was read before, over buffers and segments', async () => {
  const directory = temporaryDirectory()
  const count = 120
  const writer = await openFileLog(directory, { segmentBytes: 1_000_000 })
  for (let index = 0; index < count; index++) {
    await writer.append(`task/${index % 4}`, [parked('x'.repeat((index * 997) % 40_000))], 'any')
  }
  await writer.close()
  expect(Object.keys(filesOf(directory)).length).toBeGreaterThan(2)
  const facts = await factsOf(await openFileLog(directory))
  expect(facts).toHaveLength(count)

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: count + 1 }), { minLength: 1, maxLength: 6 }),
      async (froms) => {
        const log = await openFileLog(directory)
        for (const from of froms) expect(await factsOf(log, from)).toEqual(facts.slice(from - 1))
      },
    ),
    { numRuns: 20 },
  )
})

it('appends to a log of which it has read only the end', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 5, 2, 2, 7, 1, 1, 1], 1_000)
  const log = await openFileLog(directory, { segmentBytes: 1_000 })
  expect(await factsOf(log, 20)).toHaveLength(1)
  const before = (await factsOf(log)).filter(({ stream }) => stream === 'task/1').length
  const recorded = await log.append('task/1', manyParked(2), before)
  expect(recorded.map(({ sequence }) => sequence)).toEqual([21, 22])
  expect(await factsOf(log, 21)).toEqual(recorded)
  await log.close()
})

it('leaves everything as it is when it only reads', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 5, 2], 1_000)
  const before = filesOf(directory)
  const stats = (): number[] =>
    Object.keys(before).map((name) => statSync(join(directory, 'log', name)).mtimeMs)
  const times = stats()
  const log = await openFileLog(directory)
  await factsOf(log)
  await log.close()
  expect(filesOf(directory)).toEqual(before)
  expect(stats()).toEqual(times)
  expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe('')
})

it('says what it cannot read', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'log'), 'no directory')
  const expected = { code: 'log-read-failed', path: join(directory, 'log') }
  await expect(openFileLog(directory)).rejects.toMatchObject(expected)
  const log = await openFileLog(join(directory, 'other'))
  mkdirSync(segmentPath(join(directory, 'other')), { recursive: true })
  await expect(factsOf(log)).rejects.toMatchObject({ code: 'log-read-failed', cause: { code: 'EISDIR' } })
  await log.close()
})

it('takes over a segment that a process left under its temporary name', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [5])
  writeFileSync(`${segmentPath(directory, 2)}.tmp`, 'half a hea')
  const log = await openFileLog(directory, { segmentBytes: 500 })
  expect(await factsOf(log)).toHaveLength(5)
  await log.append('task/a', [parked(6)], 'any')
  expect(Object.keys(filesOf(directory))).toEqual(['00000001.jsonl', '00000002.jsonl'])
  expect(await factsOf(await openFileLog(directory))).toHaveLength(6)
  await log.close()
})
