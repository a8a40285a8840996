import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspectLog, openFileLog } from '@coppice/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf } from './helpers/facts.js'
import { lifeOf, writeLives } from './helpers/lives.js'
import { filesOf, GENESIS, segmentPath } from './helpers/log-files.js'
import { temporaryDirectory } from './helpers/temporary.js'

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))

/** Facts an append. */
const APPENDS = [2, 1, 2, 3, 1, 1, 2, 2, 1, 1]
const FACTS = APPENDS.reduce((sum, count) => sum + count)

describe('a healthy log', () => {
  it('is said to be that, with what it holds', async () => {
    const directory = temporaryDirectory()
    await writeLives(directory, APPENDS, 900)
    const facts = await factsOf(await openFileLog(directory))
    const files = filesOf(directory)
    const names = Object.keys(files)
    expect(await inspectLog(directory)).toEqual({
      healthy: true,
      directory: join(directory, 'log'),
      segments: names.length,
      bytes: Object.values(files).join('').length,
      records: FACTS,
      streams: 3,
      firstAt: '2024-01-02T03:04:05.678Z',
      lastAt: '2024-01-02T03:04:05.678Z',
      end: {
        segment: names.length,
        offset: files[names.at(-1)!]!.length,
        sequence: FACTS,
        hash: facts.at(-1)!.hash,
      },
      tail: { kind: 'nothing' },
      findings: [],
      readable: { before: FACTS, behind: 0 },
      leftovers: [],
      caches: [
        { name: 'heads', path: join(directory, 'heads.json'), state: 'none', sequence: null },
        { name: 'snapshot', path: join(directory, 'snapshot.json'), state: 'none', sequence: null },
      ],
    })
    expect(filesOf(directory)).toEqual(files)
  })

  it.each(readdirSync(fixtures).filter((name) => /^\d/.test(name)))(
    'is what version %s wrote',
    async (version) => {
      const report = await inspectLog(join(fixtures, version))
      expect(report).toMatchObject({ healthy: true, findings: [], tail: { kind: 'nothing' } })
      expect(report.records).toBeGreaterThan(20)
    },
  )

  it('may be none at all yet', async () => {
    const end = { segment: 0, offset: 0, sequence: 0, hash: GENESIS }
    expect(await inspectLog(temporaryDirectory())).toMatchObject({
      healthy: true,
      segments: 0,
      records: 0,
      end,
    })
  })

  it('may have reserved room behind its end', async () => {
    const directory = temporaryDirectory()
    const log = await openFileLog(directory)
    for (const fact of lifeOf('a', 20)) await log.append('task/a', [fact], 'any')
    const room = /\n(\n+)$/.exec(readFileSync(segmentPath(directory), 'utf8'))![1]!.length
    expect(room).toBeGreaterThan(1_000)
    expect(await inspectLog(directory)).toMatchObject({ healthy: true, tail: { kind: 'room', bytes: room } })
    await log.close()
  })

  it('may have an interrupted write behind its end', async () => {
    const [directory, longer] = [temporaryDirectory(), temporaryDirectory()]
    await writeLives(directory, APPENDS)
    await writeLives(longer, [...APPENDS, 3])
    const whole = readFileSync(segmentPath(directory), 'utf8')
    const written = readFileSync(segmentPath(longer), 'utf8').slice(whole.length)
    for (const cut of [1, 50, 300, written.length - 2]) {
      writeFileSync(segmentPath(directory), `${whole}${written.slice(0, cut)}\n\n\n`)
      const report = await inspectLog(directory)
      expect(report).toMatchObject({ healthy: true, records: FACTS, end: { offset: whole.length } })
      expect(report.tail).toMatchObject({ kind: 'interrupted-write', offset: whole.length, bytes: cut + 1 })
    }
  })

  it('may have less than an append behind its end', async () => {
    const directory = temporaryDirectory()
    await writeLives(directory, [2, 2])
    const [header, one, two, three] = readFileSync(segmentPath(directory), 'utf8').split(/(?<=\n)/)
    writeFileSync(segmentPath(directory), `${header}${one}${two}${three}`)
    const offset = `${header}${one}${two}`.length
    const tail = { kind: 'interrupted-write', offset, bytes: three!.length }
    expect(await inspectLog(directory)).toMatchObject({ healthy: true, records: 2, tail })
  })

  it('is told of how far the reading has come, and can be left in the middle', async () => {
    const directory = temporaryDirectory()
    await writeLives(directory, APPENDS, 900)
    const { bytes } = await inspectLog(directory)
    const told: number[] = []
    await inspectLog(directory, {
      onProgress: ({ read, total }) => {
        expect(total).toBe(bytes)
        told.push(read)
      },
    })
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.length).toBeGreaterThan(1)
    const reason = new Error('enough')
    await expect(inspectLog(directory, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

it('says of a log with any byte changed what a reader says of it, and where', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, APPENDS, 900)
  const last = Object.keys(filesOf(directory)).length
  appendFileSync(segmentPath(directory, last), '\n'.repeat(100))
  const original = filesOf(directory)
  const segments = Object.keys(original)
  expect(segments.length).toBeGreaterThan(2)

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
      bytes[offset]! ^= flip
      writeFileSync(path, bytes)
      const outcome = await factsOf(await openFileLog(directory)).catch(codeOf)
      const isDamaged = outcome === 'log-corrupt'
      const { healthy, records, findings } = await inspectLog(directory)
      const where = findings.map(
        (found) =>
          found.kind === 'damaged' && found.path === path && found.offset <= offset && offset < found.end,
      )
      expect({ healthy, where }).toEqual({ healthy: !isDamaged, where: isDamaged ? [true] : [] })
      // A line's hash covers the one before, so that two lines at most cannot be read.
      expect(records).toBeGreaterThanOrEqual(isDamaged ? FACTS - 2 : outcome.length)
      expect(records).toBeLessThanOrEqual(isDamaged ? FACTS : outcome.length)
      expect(readFileSync(path)).toEqual(bytes)
      writeFileSync(path, original[segment]!, 'latin1')
    }),
    { numRuns: 200 },
  )
})
