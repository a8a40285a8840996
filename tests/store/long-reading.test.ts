import { readFileSync, writeFileSync } from 'node:fs'
import { isCoppiceError } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parked } from './helpers/facts.js'
import { segmentPath } from './helpers/log-files.js'
import { finished, start } from './helpers/programs.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** So much is read before another thread is started. */
const SEGMENT_BYTES = 9_400_000

const FACTS = 270

it('gives the same with another thread, even when one was given up half way, and lets the process end', async () => {
  const directory = await longLog()
  const expected = await readHere(directory)
  expect(expected).toMatchObject({ count: FACTS, failure: null })
  const [, part, whole, end] = await readBeside(directory)
  expect(part).toMatchObject({ count: 50, failure: null, isShared: true })
  expect(whole).toEqual({ ...expected, isShared: true })
  expect(end).toEqual({ threads: 1 })
})

it('finds damage where it is found without another thread, wherever that is', async () => {
  const directory = await longLog()
  const damage = fc.record({
    segment: fc.constantFrom(1, 2),
    place: fc.double({ min: 0.95, max: 1, maxExcluded: true, noNaN: true }),
    flip: fc.integer({ min: 1, max: 255 }),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ segment, place, flip }) => {
      const path = segmentPath(directory, segment)
      const good = readFileSync(path)
      const bytes = Buffer.from(good)
      bytes[Math.floor(place * bytes.length)]! ^= flip
      writeFileSync(path, bytes)
      const expected = await readHere(directory)
      const [, , whole] = await readBeside(directory)
      writeFileSync(path, good)
      expect(whole).toEqual({ ...expected, isShared: true })
    }),
    { numRuns: 3 },
  )
})

/** A log of two segments, with lines of many lengths. */
async function longLog(): Promise<string> {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory, { segmentBytes: SEGMENT_BYTES })
  const facts = Array.from({ length: FACTS }, (_, index) => parked('é'.repeat((index * 997) % 40_000)))
  await Promise.all(facts.map((fact, index) => log.append(`task/${index % 4}`, [fact], 'any')))
  await log.close()
  return directory
}

/** Reads with the sources, which have no program for another thread. */
async function readHere(directory: string): Promise<object> {
  const log = await openFileLog(directory)
  let count = 0
  let last: string | null = null
  let failure: object | null = null
  try {
    for await (const { hash } of log.read()) {
      count += 1
      last = hash
    }
  } catch (error) {
    if (!isCoppiceError(error)) throw error
    failure = { code: error.code, message: error.message }
  }
  await log.close()
  return { count, last, failure }
}

async function readBeside(directory: string): Promise<unknown[]> {
  const { lines, exitCode } = await finished(start('readBeside', directory))
  expect(exitCode).toBe(0)
  return lines.map((line): unknown => JSON.parse(line))
}
