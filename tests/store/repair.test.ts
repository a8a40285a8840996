import { appendFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { repairLog, systemDisk } from '@coppice/store'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeLives } from './helpers/lives.js'
import { filesOf, line, record, segmentPath } from './helpers/log-files.js'
import { changeLine, flip, linesOf, placesOf, setLines } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** Five segments, which begin with the records 1, 4, 7, 11 and 16; the last is 18. */
let directory: string
let original: Record<string, string>

beforeEach(async () => {
  directory = temporaryDirectory()
  await writeLives(
    directory,
    Array.from({ length: 18 }, () => 1),
    1_000,
  )
  original = filesOf(directory)
})

describe('what hashes prove is put right:', () => {
  it('a header of which nothing is left', async () => {
    for (const segment of [1, 3, 5]) changeLine(directory, segment, 1, (text) => '\0'.repeat(text.length))
    const { items, refused, keptAside } = await repairLog(directory)
    expect({ items: items.map(({ kind }) => kind), refused }).toEqual({
      items: ['rewrite-header', 'rewrite-header', 'rewrite-header'],
      refused: [],
    })
    expect(filesOf(directory)).toMatchObject(original)
    expect(keptAside.map((path) => basename(path))).toEqual([
      'replaced-00000001.bin',
      'replaced-00000003.bin',
      'replaced-00000005.bin',
    ])
  })

  it('a header behind which the records were not written yet, by what is left of it', async () => {
    setLines(directory, 5, linesOf(directory, 5).slice(0, 1))
    const [whole] = linesOf(directory, 5)
    changeLine(directory, 5, 1, (text) => text.replace('"first":16', '"first":??'))
    expect(await repairLog(directory)).toMatchObject({
      items: [{ kind: 'rewrite-header', segment: 5 }],
      refused: [],
    })
    expect(linesOf(directory, 5)).toEqual([whole])
  })

  it('a header behind a segment that does not end where it seems to, by its own hash', async () => {
    // What could not be synced was left behind the end of the segment before, chained to it.
    const end = linesOf(directory, 2).at(-1)!
    const hash = /"hash":"(\w+)"/.exec(end)![1]!
    const unsynced = line(hash, { ...record, seq: 7, version: 3, stream: 'task/task-0', data: 'refused' })
    appendFileSync(segmentPath(directory, 2), unsynced.text)
    const whole = filesOf(directory)
    const [header] = linesOf(directory, 3)
    for (let at = 0; at < header!.length; at += 7) {
      const letter = String.fromCharCode(header!.charCodeAt(at) ^ 1)
      changeLine(directory, 3, 1, (text) => text.slice(0, at) + letter + text.slice(at + 1))
      const { items, refused, report } = await repairLog(directory)
      expect({ at, items, refused, records: report.records }).toMatchObject({
        items: [{ kind: 'correct-byte', segment: 3, offset: at }],
        refused: [],
        records: 18,
      })
      expect(filesOf(directory)).toMatchObject(whole)
    }
  })

  it('several changes, one of them behind another', async () => {
    const changes: [segment: number, at: number][] = [
      [1, 1],
      [1, 2],
      [2, 3],
      [2, 4],
      [3, 1],
      [5, 4],
    ]
    for (const [segment, at] of changes)
      changeLine(directory, segment, at, (text) => text.replace('":', '".'))
    const { items, refused, report } = await repairLog(directory)
    expect({ refused, healthy: report.healthy, items: items.length }).toEqual({
      refused: [],
      healthy: true,
      items: changes.length,
    })
    expect(filesOf(directory)).toMatchObject(original)
  })

  it('and says which byte it was', async () => {
    changeLine(directory, 2, 3, flip)
    const offset = original['00000002.jsonl']!.split('\n', 2).join('\n').length + 1 + '{"v":2,"s'.length
    const { dryRun, items } = await repairLog(directory)
    expect({ dryRun, items }).toEqual({
      dryRun: false,
      items: [
        { kind: 'correct-byte', segment: 2, path: segmentPath(directory, 2), offset, from: 0x45, to: 0x65 },
      ],
    })
  })

  it('what can be, while the rest is refused and left as it is', async () => {
    changeLine(directory, 2, 3, flip)
    changeLine(directory, 4, 3, (text) => flip(text).replace('"type"', '"tYpe"'))
    writeFileSync(join(directory, 'log', '00000006.jsonl.tmp'), 'left over')
    const damaged = filesOf(directory)
    const { items, refused, report } = await repairLog(directory)
    // While not all can be read, nothing is tidied up.
    expect(items).toMatchObject([{ kind: 'correct-byte', segment: 2 }])
    expect(refused).toMatchObject([
      {
        finding: { kind: 'damaged', segment: 4, line: 3 },
        reason: 'no single byte makes it right',
        advice: expect.stringContaining('coppice repair --from'),
      },
    ])
    expect(placesOf(report.findings)).toEqual(['damaged 4:3'])
    expect(filesOf(directory)).toEqual({
      ...damaged,
      '00000002.jsonl': original['00000002.jsonl'],
      'replaced-00000002.bin': damaged['00000002.jsonl'],
    })
  })
})

describe('what nothing proves is refused, and nothing is touched:', () => {
  it.each<[what: string, damage: () => void, reason: string]>([
    [
      'two changes in a line',
      () => changeLine(directory, 3, 3, (text) => flip(text).replace('v', 'w')),
      'no single byte',
    ],
    ['a line that is missing', () => changeLine(directory, 3, 3, () => ''), 'no single byte'],
    [
      'a line of zeros',
      () => changeLine(directory, 3, 3, (text) => '\0'.repeat(text.length)),
      'no single byte',
    ],
    ['a line that is longer', () => changeLine(directory, 3, 3, (text) => `x${text}`), 'no single byte'],
    ['a segment that ends too early', () => changeLine(directory, 3, 5, () => ''), 'no single byte'],
    [
      'a header of another length',
      () => changeLine(directory, 3, 1, () => '{"v":2}\n'),
      'nothing behind the header proves what it was',
    ],
    [
      'a header with nothing left of it and nothing behind it',
      () => setLines(directory, 5, ['\0'.repeat(200)]),
      'nothing behind the header proves what it was',
    ],
  ])('%s', async (_, damage, reason) => {
    damage()
    const damaged = filesOf(directory)
    const { items, refused, report, keptAside } = await repairLog(directory)
    expect({ items, keptAside, healthy: report.healthy }).toEqual({
      items: [],
      keptAside: [],
      healthy: false,
    })
    expect(refused).toMatchObject([{ reason: expect.stringContaining(reason) }])
    expect(filesOf(directory)).toEqual(damaged)
  })
})

it.each([
  ['8,192 bytes in which any byte may have been changed', 8_300, '!', 'longer than 8192 bytes'],
  [
    '65,536 bytes in which any bit may have been changed',
    65_700,
    'a',
    'longer than 8192 bytes, or for a single bit 65536,',
  ],
])('does not search a line of more than %s', async (_, length, letter, reason) => {
  const whole = temporaryDirectory()
  await writeLives(whole, [2, 0, 0, 1], 67_108_864, 'x'.repeat(length))
  // The letter differs in several bits from the x, or in one.
  changeLine(whole, 1, 4, (text) => text.replace('xxx', `x${letter}x`))
  const damaged = filesOf(whole)
  const { refused } = await repairLog(whole)
  expect(refused).toMatchObject([{ reason: expect.stringContaining(reason) }])
  expect(filesOf(whole)).toEqual(damaged)
})

it('says with a dry run what it would do, and does nothing', async () => {
  changeLine(directory, 2, 3, flip)
  changeLine(directory, 4, 1, (text) => text.replace('log', 'lug'))
  appendFileSync(segmentPath(directory, 5), '{"v":2,"seq":19')
  writeFileSync(join(directory, 'log', '00000006.jsonl.tmp'), 'left over')
  writeFileSync(join(directory, 'heads.json'), 'broken')
  const damaged = filesOf(directory)
  const dry = await repairLog(directory, { dryRun: true })
  expect(dry).toMatchObject({ dryRun: true, keptAside: [], report: { healthy: true } })
  expect(filesOf(directory)).toEqual(damaged)
  expect(systemDisk.list(directory).toSorted()).toEqual(['heads.json', 'lock', 'log'])
  const done = await repairLog(directory)
  expect(done.items).toEqual(dry.items)
  expect(done.items.map(({ kind }) => kind)).toEqual([
    'correct-byte',
    'rewrite-header',
    'cut-off',
    'remove-temporary',
    'drop-cache',
  ])
})
