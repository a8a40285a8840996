import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, errorOf } from './helpers/errors.js'
import { factsOf, parked } from './helpers/facts.js'
import { filesOf, header, segmentPath, writeLog } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

const APPENDS = [1, 2, 1, 3, 1, 1, 2]

it('never takes a log with any byte changed for another one, and leaves it as it is', async () => {
  const directory = temporaryDirectory()
  await writeLog(directory, APPENDS, 700)
  const facts = await factsOf(await openFileLog(directory))
  const original = filesOf(directory)
  const segments = Object.keys(original)
  expect(segments.length).toBeGreaterThan(2)
  const last = segments.at(-1)!
  const lastAppend =
    original[last]!.split('\n')
      .slice(0, -1 - APPENDS.at(-1)!)
      .join('\n').length + 1

  const damage = fc.record({
    segment: fc.constantFrom(...segments),
    at: fc.nat(),
    flip: fc.integer({ min: 1, max: 255 }),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ segment, at, flip }) => {
      const path = join(directory, 'log', segment)
      const bytes = Buffer.from(original[segment]!, 'latin1')
      const offset = at % bytes.length
      bytes[offset] = bytes[offset]! ^ flip
      writeFileSync(path, bytes)
      const damaged = filesOf(directory)

      const log = await openFileLog(directory)
      const outcome = await factsOf(log).catch(codeOf)
      // In the last append it may look like what an interrupted write leaves, and is passed over as that.
      const passedOver = segment === last && offset >= lastAppend ? [facts.slice(0, -APPENDS.at(-1)!)] : []
      expect(['log-corrupt', ...passedOver]).toContainEqual(outcome)
      const append =
        outcome === 'log-corrupt' ? log.append('task/a', [parked('')], 'any').catch(codeOf) : outcome
      expect(await append).toEqual(outcome)
      expect(filesOf(directory)).toEqual(damaged)
      await log.close()
      writeFileSync(path, original[segment]!, 'latin1')
    }),
    { numRuns: 300 },
  )
})

describe('says where the log is damaged, and touches nothing', () => {
  const cases: [what: string, damage: (directory: string) => { segment: number; offset: number }][] = [
    [
      'a changed letter in the middle',
      (directory) => {
        const text = readFileSync(segmentPath(directory, 2), 'latin1')
        const offset = text.indexOf('\n', text.indexOf('\n') + 1) + 1
        writeFileSync(
          segmentPath(directory, 2),
          text.slice(0, offset) + text.slice(offset).replace('seq', 'sEq'),
        )
        return { segment: 2, offset }
      },
    ],
    [
      'a changed letter in the last record',
      (directory) => {
        const text = readFileSync(segmentPath(directory), 'latin1')
        const offset = text.lastIndexOf('\n', text.length - 2) + 1
        writeFileSync(
          segmentPath(directory),
          text.slice(0, offset) + text.slice(offset).replace('"reason', '"Reason'),
        )
        for (const segment of [2, 3, 4, 5]) rmSync(segmentPath(directory, segment), { force: true })
        return { segment: 1, offset }
      },
    ],
    [
      'a missing line',
      (directory) => {
        const lines = readFileSync(segmentPath(directory, 2), 'latin1').split('\n')
        const [removed] = lines.splice(1, 1)
        writeFileSync(segmentPath(directory, 2), lines.join('\n'))
        expect(removed).toContain('"seq"')
        return { segment: 2, offset: lines[0]!.length + 1 }
      },
    ],
    [
      'a segment that ends too early',
      (directory) => {
        const text = readFileSync(segmentPath(directory), 'latin1')
        truncateSync(segmentPath(directory), text.length - 10)
        return { segment: 1, offset: text.lastIndexOf('\n', text.length - 2) + 1 }
      },
    ],
    [
      'a segment in the place of another',
      (directory) => {
        copyFileSync(segmentPath(directory), segmentPath(directory, 2))
        return { segment: 2, offset: 0 }
      },
    ],
    [
      'a segment of another log',
      (directory) => {
        const other = join(directory, 'other')
        copyFileSync(segmentPath(other, 2), segmentPath(directory, 2))
        return { segment: 2, offset: 0 }
      },
    ],
    [
      'an empty segment',
      (directory) => {
        truncateSync(segmentPath(directory, 2), 0)
        return { segment: 2, offset: 0 }
      },
    ],
    [
      'a segment without its header',
      (directory) => {
        const text = readFileSync(segmentPath(directory, 2), 'latin1')
        writeFileSync(segmentPath(directory, 2), text.slice(text.indexOf('\n') + 1))
        return { segment: 2, offset: 0 }
      },
    ],
  ]

  it.each(cases)('%s', async (_, damage) => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1, 1, 1, 1, 1, 1, 1, 1], 700)
    await writeLog(join(directory, 'other'), [2, 1, 1, 1, 1], 700)
    const { segment, offset } = damage(directory)
    const damaged = filesOf(directory)
    const log = await openFileLog(directory)
    const expected = { code: 'log-corrupt', path: segmentPath(directory, segment), offset }
    expect(await errorOf(factsOf(log))).toMatchObject(expected)
    expect(await errorOf(log.append('task/a', [parked('')], 'any'))).toMatchObject(expected)
    expect(filesOf(directory)).toEqual(damaged)
    await log.close()
  })

  it('a missing segment, when the log is opened', async () => {
    const directory = temporaryDirectory()
    await writeLog(directory, [1, 1, 1, 1, 1, 1, 1, 1], 700)
    rmSync(segmentPath(directory, 2))
    const expected = { code: 'log-corrupt', path: segmentPath(directory, 2), found: 'no file' }
    expect(await errorOf(openFileLog(directory))).toMatchObject(expected)
  })

  it('a segment that was replaced under an open log', async () => {
    const directory = temporaryDirectory()
    const log = await openFileLog(directory)
    await log.append('task/a', [parked('')], 'any')
    copyFileSync(segmentPath(directory), `${segmentPath(directory)}.copy`)
    renameSync(`${segmentPath(directory)}.copy`, segmentPath(directory))
    expect(await errorOf(log.append('task/a', [parked('')], 'any'))).toMatchObject({
      code: 'log-corrupt',
      found: 'another file',
    })
    expect(await factsOf(await openFileLog(directory))).toHaveLength(1)
    await log.close()
  })

  it('a log that became shorter while it was open', async () => {
    const directory = temporaryDirectory()
    const log = await openFileLog(directory)
    await log.append('task/a', [parked(1)], 'any')
    await log.append('task/a', [parked(2)], 'any')
    truncateSync(segmentPath(directory), header().text.length)
    expect(await errorOf(log.append('task/a', [parked(3)], 'any'))).toMatchObject({ code: 'log-corrupt' })
    await log.close()
  })
})
