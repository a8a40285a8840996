import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog, systemDisk, type Disk } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { factsOf, parked } from './helpers/facts.js'
import { filesOf, segmentPath, writeLog } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** Facts an append. */
const APPENDS = [1, 3, 2, 1, 4]

/** How many facts of whole appends the first bytes of a log hold. */
function wholeFactsIn(text: string): number {
  const lines = text.split('\n').slice(1, -1)
  return lines.findLastIndex((line) => ((JSON.parse(line) as { more?: number }).more ?? 0) === 0) + 1
}

it('ends before an append that was cut off anywhere, and goes on there, keeping what it cuts off', async () => {
  const original = join(temporaryDirectory(), 'coppice')
  await writeLog(original, APPENDS)
  const bytes = readFileSync(segmentPath(original))
  const headerBytes = bytes.indexOf('\n') + 1
  const facts = await factsOf(await openFileLog(original))

  await fc.assert(
    fc.asyncProperty(fc.integer({ min: headerBytes, max: bytes.length }), async (size) => {
      const directory = temporaryDirectory()
      await writeLog(directory, [1])
      writeFileSync(segmentPath(directory), bytes.subarray(0, size))
      const before = filesOf(directory)
      const whole = wholeFactsIn(bytes.toString('utf8', 0, size))

      const log = await openFileLog(directory)
      expect(await factsOf(log)).toEqual(facts.slice(0, whole))
      expect(filesOf(directory)).toEqual(before)

      const [recorded] = await log.append('task/new', [parked('after')], 'no-stream')
      expect(recorded?.sequence).toBe(whole + 1)
      expect(await factsOf(await openFileLog(directory))).toEqual([...facts.slice(0, whole), recorded])
      const files = filesOf(directory)
      const torn = Object.keys(files).filter((name) => name.startsWith('torn-'))
      const kept = torn.map((name) => files[name]).join('')
      const good = size - kept.length
      expect(torn).toEqual(kept === '' ? [] : [`torn-00000001-${good}.bin`])
      expect(files['00000001.jsonl']!.slice(0, good) + kept).toBe(bytes.toString('latin1', 0, size))
      await log.close()
    }),
    { numRuns: 60 },
  )
})

it.each([
  ['zeros, as a power cut leaves them', Buffer.alloc(5_000)],
  ['bytes with newlines that are no records', Buffer.from('{"v":1\n\n}\n{"a":1}\nnull\n')],
  ['a long line without an end', Buffer.alloc(1_500_000, 'x')],
])('cuts off %s', async (_, garbage) => {
  const directory = temporaryDirectory()
  await writeLog(directory, APPENDS)
  const { size } = statSync(segmentPath(directory))
  appendFileSync(segmentPath(directory), garbage)

  const log = await openFileLog(directory)
  const before = await factsOf(log)
  expect(before).toHaveLength(11)
  await log.append('task/a', [parked('after')], 'any')
  expect(await factsOf(await openFileLog(directory))).toHaveLength(12)
  expect(filesOf(directory)[`torn-00000001-${size}.bin`]).toBe(garbage.toString('latin1'))
  await log.close()
})

it('keeps both tails where a process died between keeping one aside and cutting it off', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1])
  const { size } = statSync(segmentPath(directory))
  const torn = join(directory, 'log', `torn-00000001-${size}`)
  writeFileSync(`${torn}.bin`, 'first')
  appendFileSync(segmentPath(directory), 'second')
  const log = await openFileLog(directory)
  await log.append('task/a', [parked('after')], 'any')
  await log.close()
  expect(readFileSync(`${torn}.bin`, 'utf8')).toBe('first')
  expect(readFileSync(`${torn}-1.bin`, 'utf8')).toBe('second')
})

it('never writes where an unfinished write was, since a power cut could mix the two', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1])
  const { size } = statSync(segmentPath(directory))
  appendFileSync(segmentPath(directory), '{"v":2,"seq":2')
  const log = await openFileLog(directory)
  await log.append('task/a', [parked('after')], 'any')
  expect(statSync(segmentPath(directory)).size).toBe(size)
  expect(readFileSync(segmentPath(directory, 2), 'utf8')).toContain('"after"')
  await log.close()
})

it('looks again before it calls an end damaged, since a writer may be cutting it off', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 1])
  const good = readFileSync(segmentPath(directory), 'utf8')
  writeFileSync(segmentPath(directory), good.replace('"seq":2', '"seq":3'))
  let looks = 0
  const open: Disk['open'] = (path, mode) => {
    looks += 1
    if (looks === 3) writeFileSync(segmentPath(directory), good)
    return systemDisk.open(path, mode)
  }
  const log = await openFileLog(directory, { disk: { ...systemDisk, open } })
  expect(await factsOf(log)).toHaveLength(2)
  expect(looks).toBe(3)
  await log.close()
})

it('shows a follower an append that another process finishes late, once it is whole', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, [1, 2])
  const path = segmentPath(directory)
  const bytes = readFileSync(path)
  truncateSync(path, bytes.length - 100)

  const log = await openFileLog(directory)
  const followed: number[] = []
  for await (const { sequence } of log.subscribe()) {
    followed.push(sequence)
    if (sequence === 1) appendFileSync(path, bytes.subarray(bytes.length - 100))
    if (sequence === 3) break
  }
  expect(followed).toEqual([1, 2, 3])
})
