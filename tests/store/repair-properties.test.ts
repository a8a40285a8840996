import { appendFileSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openFileLog, repairLog } from '@coppice/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf } from './helpers/facts.js'
import { writeLives } from './helpers/lives.js'
import { filesOf, segmentPath } from './helpers/log-files.js'
import { logOf } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** The log with one file changed is repaired to the facts that it had; the changed bytes are kept. */
async function expectRestored(
  original: Readonly<Record<string, string>>,
  name: string,
  changed: string,
): Promise<void> {
  const directory = logOf({ ...original, [name]: changed })
  const { refused, report, keptAside } = await repairLog(directory)
  expect({ refused, healthy: report.healthy }).toEqual({ refused: [], healthy: true })
  const facts = await factsOf(await openFileLog(logOf(original)))
  expect(await factsOf(await openFileLog(directory))).toEqual(facts)
  expect(keptAside).toHaveLength(1)
  const kept = readFileSync(keptAside[0]!, 'latin1')
  const isWhole = basename(keptAside[0]!).startsWith('replaced-')
  expect(isWhole ? changed === kept : changed.trimEnd().endsWith(kept.trimEnd())).toBe(true)
}

describe('a single change is put right wherever it is', () => {
  const place = { at: fc.nat(), segment: fc.nat() }

  it.each([
    ['bit', fc.record({ ...place, flip: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128) }), 60],
    ['byte', fc.record({ ...place, flip: fc.integer({ min: 1, max: 255 }) }), 40],
  ])('of a %s', async (_, change, numRuns) => {
    const whole = temporaryDirectory()
    await writeLives(whole, [2, 1, 2, 3, 1, 1, 2, 2, 1, 1], 900)
    const last = Object.keys(filesOf(whole)).length
    appendFileSync(segmentPath(whole, last), '\n'.repeat(100))
    const original = filesOf(whole)
    const names = Object.keys(original)
    await fc.assert(
      fc.asyncProperty(change, async ({ segment, at, flip: mask }) => {
        const name = names[segment % names.length]!
        const bytes = Buffer.from(original[name]!, 'latin1')
        bytes[at % bytes.length]! ^= mask
        await expectRestored(original, name, bytes.toString('latin1'))
      }),
      { numRuns },
    )
  })

  it('of a bit in a log of version 1', async () => {
    const fixture = fileURLToPath(new URL('../fixtures/0.1.0/log/00000001.jsonl', import.meta.url))
    const text = readFileSync(fixture, 'latin1')
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.nat(7), async (at, bit) => {
        const bytes = Buffer.from(text, 'latin1')
        bytes[at]! ^= 1 << bit
        await expectRestored({ '00000001.jsonl': text }, '00000001.jsonl', bytes.toString('latin1'))
      }),
      { numRuns: 30 },
    )
  })
})

it('never makes other facts of a damaged log than it had, from a copy of any age', async () => {
  const whole = temporaryDirectory()
  await writeLives(
    whole,
    Array.from({ length: 18 }, () => 1),
    1_000,
  )
  const facts = await factsOf(await openFileLog(whole))
  const original = filesOf(whole)
  const names = Object.keys(original)
  const damages = fc.array(
    fc.record({
      segment: fc.nat(names.length - 1),
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 400 }),
      byte: fc.nat(255),
    }),
    { minLength: 1, maxLength: 3 },
  )
  const age = fc.record({ segment: fc.nat(names.length), bytes: fc.nat(1_200) })
  await fc.assert(
    fc.asyncProperty(damages, age, async (hits, { segment: newest, bytes: length }) => {
      const damaged = { ...original }
      for (const { segment, at, byte, length: count } of hits) {
        const bytes = Buffer.from(damaged[names[segment]!]!, 'latin1')
        const start = at % bytes.length
        bytes.fill(byte, start, Math.min(start + count, bytes.length))
        damaged[names[segment]!] = bytes.toString('latin1')
      }
      const older = names.slice(0, newest + 1).map((name, index) => {
        return [name, original[name]!.slice(0, index === newest ? length : undefined)]
      })
      const log = logOf(damaged)
      const { report, items, refused } = await repairLog(log, { from: logOf(Object.fromEntries(older)) })
      const after = filesOf(log)
      // Byte by byte what is there was there before, or is what was written there.
      for (const [name, text] of Object.entries(damaged)) {
        const changed = after[name]!.split('').filter(
          (byte, at) => byte !== text[at] && byte !== original[name]![at],
        )
        expect({ name, changed }).toEqual({ name, changed: [] })
      }
      expect(report.healthy).toBe(refused.length === 0)
      expect(items.length === 0 ? after : damaged).toEqual(damaged)
      const read = await factsOf(await openFileLog(log)).catch(codeOf)
      // A last write that is ruined as a whole looks like an interrupted one.
      const good = typeof read === 'string' ? [] : facts.slice(0, Math.max(read.length, 15))
      expect(read).toEqual(report.healthy ? good : 'log-corrupt')
    }),
    { numRuns: 50 },
  )
})
