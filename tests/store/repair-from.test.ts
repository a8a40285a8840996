import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repairLog } from '@coppice/store'
import { beforeEach, describe, expect, it } from 'vitest'
import { errorOf } from './helpers/errors.js'
import { writeLives } from './helpers/lives.js'
import { filesOf, segmentPath } from './helpers/log-files.js'
import { changeLine, copyOf, flip, linesOf, placesOf, setLines } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** Five segments, which begin with the records 1, 4, 7, 11 and 16; the last is 18. */
const APPENDS = Array.from({ length: 18 }, () => 1)

let directory: string
let backup: string
let original: Record<string, string>

beforeEach(async () => {
  directory = temporaryDirectory()
  await writeLives(directory, APPENDS, 1_000)
  backup = copyOf(directory)
  original = filesOf(directory)
})

/** Makes a line one that nothing but a copy can put right. */
function ruin(text: string): string {
  return flip(text).replace('"v"', '"w"')
}

async function repairFrom(from = backup): ReturnType<typeof repairLog> {
  return repairLog(directory, { from })
}

describe('a segment is put back from a copy that fits:', () => {
  it.each<[what: string, damage: () => void, segments: number[]]>([
    ['one with a ruined record', () => changeLine(directory, 3, 3, ruin), [3]],
    ['the last one, with a ruined record', () => changeLine(directory, 5, 3, ruin), [5]],
    ['the last one, with a ruined last record', () => changeLine(directory, 5, 4, ruin), [5]],
    ['one without its header', () => changeLine(directory, 2, 1, () => ''), [2]],
    ['one that ends too early', () => changeLine(directory, 3, 5, () => ''), [3]],
    ['one that is empty', () => truncateSync(segmentPath(directory, 1), 0), [1]],
    [
      'one with several ruined records',
      () => [2, 4].forEach((at) => changeLine(directory, 4, at, ruin)),
      [4],
    ],
    ['one that is missing', () => rmSync(segmentPath(directory, 2)), [2]],
    [
      'several that are missing',
      () => [2, 3, 4].forEach((at) => rmSync(segmentPath(directory, at))),
      [4, 3, 2],
    ],
    [
      'several that are ruined',
      () => [1, 2, 4].forEach((at) => changeLine(directory, at, 1, () => 'x\n')),
      [1, 2, 4],
    ],
    ['the first', () => rmSync(segmentPath(directory)), [1]],
    [
      'one in whose place a copy of another is',
      () => copyFileSync(segmentPath(directory, 2), segmentPath(directory, 3)),
      [3],
    ],
  ])('%s', async (_, damage, segments) => {
    damage()
    const damaged = filesOf(directory)
    const { items, refused, report, keptAside } = await repairFrom()
    expect(refused).toEqual([])
    expect(report).toMatchObject({ healthy: true, records: 18 })
    expect(items).toMatchObject(
      segments.map((segment) => ({ kind: 'put-back', segment, copy: segmentPath(backup, segment) })),
    )
    expect(filesOf(directory)).toMatchObject(original)
    const replaced = Object.entries(damaged).filter(([name, text]) => text !== original[name])
    expect(keptAside.map((path) => readFileSync(path, 'latin1')).toSorted()).toEqual(
      replaced.map(([, text]) => text).toSorted(),
    )
  })

  it('one of another log that has its place', async () => {
    const other = temporaryDirectory()
    await writeLives(other, [2, ...APPENDS], 1_000)
    copyFileSync(segmentPath(other, 3), segmentPath(directory, 3))
    const { refused, report } = await repairFrom()
    expect(refused).toEqual([])
    expect(report.healthy).toBe(true)
    expect(filesOf(directory)).toMatchObject(original)
  })

  it('from a copy of the whole state directory, or of the segments alone', async () => {
    changeLine(directory, 3, 3, ruin)
    expect(await repairFrom(join(backup, 'log'))).toMatchObject({ report: { healthy: true } })
    changeLine(directory, 3, 3, ruin)
    expect(await repairFrom(backup)).toMatchObject({ report: { healthy: true } })
  })

  it('its beginning, where the copy is older than the rest', async () => {
    // The copy is from a time when the last segment had two records, and its writer was in the midst of the third.
    setLines(backup, 5, [...linesOf(backup, 5).slice(0, 3), '{"v":2,'])
    changeLine(directory, 5, 2, ruin)
    const { items, report } = await repairFrom()
    expect(items).toMatchObject([
      { kind: 'put-back', bytes: linesOf(directory, 5).slice(0, 2).join('').length },
    ])
    expect(report).toMatchObject({ healthy: true, records: 18 })
    expect(filesOf(directory)).toMatchObject(original)
  })

  it('without what is behind its end in the copy', async () => {
    writeFileSync(segmentPath(backup, 3), `${original['00000003.jsonl']}void`)
    changeLine(directory, 3, 2, ruin)
    await repairFrom()
    expect(filesOf(directory)).toMatchObject(original)
  })

  it('but a single changed byte needs no copy', async () => {
    changeLine(directory, 3, 3, flip)
    expect(await repairFrom()).toMatchObject({ items: [{ kind: 'correct-byte' }] })
  })
})

describe('a copy that does not fit is refused, and nothing is touched:', () => {
  it.each<[what: string, prepare: () => void | Promise<void>, reason: string]>([
    [
      'one that ends before the damage does',
      () => {
        changeLine(directory, 3, 3, ruin)
        setLines(backup, 3, linesOf(backup, 3).slice(0, 2))
      },
      'what follows is not chained to anything',
    ],
    [
      'one with the same damage',
      () => {
        changeLine(directory, 3, 3, ruin)
        changeLine(backup, 3, 3, ruin)
      },
      'what follows is not chained to anything',
    ],
    [
      'one without that segment',
      () => {
        changeLine(directory, 3, 3, ruin)
        rmSync(segmentPath(backup, 3))
      },
      'no good copy of the segment',
    ],
    [
      'one of another log',
      async () => {
        changeLine(directory, 3, 3, ruin)
        backup = temporaryDirectory()
        await writeLives(backup, [2, ...APPENDS], 1_000)
      },
      'what follows is not chained to anything',
    ],
    [
      'one of a last segment of which nothing is left that a copy could be compared with',
      () => writeFileSync(segmentPath(directory, 5), Buffer.alloc(300)),
      'nothing behind it says whether',
    ],
  ])('%s', async (_, prepare, reason) => {
    await prepare()
    const damaged = filesOf(directory)
    const { items, refused, report } = await repairFrom()
    expect({ items, healthy: report.healthy }).toEqual({ items: [], healthy: false })
    expect(refused).toMatchObject([
      { reason: expect.stringContaining(reason), advice: expect.stringContaining('another copy') },
    ])
    expect(filesOf(directory)).toEqual(damaged)
  })

  it('one of a log that only begins like this one', async () => {
    // Whoever restored an old backup, and went on, has two logs with a common beginning.
    const fork = temporaryDirectory()
    await writeLives(fork, [...APPENDS.slice(0, 8), 2, 2, ...APPENDS], 1_000)
    changeLine(directory, 3, 4, ruin)
    const damaged = filesOf(directory)
    expect(await repairFrom(fork)).toMatchObject({ items: [], report: { healthy: false } })
    expect(filesOf(directory)).toEqual(damaged)
  })

  it('one of a log whose records are behind those of this one', async () => {
    const other = temporaryDirectory()
    await writeLives(other, APPENDS, 1_000, '!')
    const [header, first] = linesOf(directory, 3)
    setLines(directory, 3, [header!, first!, 'x\n', ...linesOf(other, 3).slice(3)])
    for (const segment of [4, 5]) copyFileSync(segmentPath(other, segment), segmentPath(directory, segment))
    const damaged = filesOf(directory)
    const { items, refused } = await repairFrom(other)
    expect(items).toEqual([])
    expect(refused).toMatchObject([{ reason: expect.stringContaining('is not of this log') }])
    expect(filesOf(directory)).toEqual(damaged)
  })

  it('two parts of two logs, of which nobody can say which is right', async () => {
    const other = temporaryDirectory()
    await writeLives(other, [2, ...APPENDS], 1_000)
    copyFileSync(segmentPath(other), segmentPath(directory))
    const damaged = filesOf(directory)
    const { refused } = await repairFrom()
    expect(placesOf(refused.map(({ finding }) => finding))).toContain('chain-broken 2:1')
    expect(filesOf(directory)).toEqual(damaged)
  })
})

it('is told where no copies are', async () => {
  for (const from of [join(backup, 'missing'), temporaryDirectory()]) {
    expect(await errorOf(repairFrom(from))).toMatchObject({ code: 'copies-not-found', directory: from })
  }
  expect(await errorOf(repairFrom(segmentPath(backup)))).toMatchObject({ code: 'log-read-failed' })
})
