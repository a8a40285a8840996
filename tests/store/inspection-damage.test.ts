import { appendFileSync, copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { inspectLog, systemDisk, type Disk } from '@coppice/store'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeLives } from './helpers/lives.js'
import { filesOf, line, record, segmentPath } from './helpers/log-files.js'
import { changeLine, flip, linesOf, placesOf } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** Five segments, which begin with the records 1, 4, 7, 11 and 16; the last is 18. */
const APPENDS = Array.from({ length: 18 }, () => 1)

let directory: string
let files: Record<string, string>

beforeEach(async () => {
  directory = temporaryDirectory()
  await writeLives(directory, APPENDS, 1_000)
  files = filesOf(directory)
})

describe('damage is listed with its place, what was expected, and what can still be read', () => {
  it('a changed letter in a record', async () => {
    changeLine(directory, 3, 3, flip)
    const lines = linesOf(directory, 3)
    const offset = lines[0]!.length + lines[1]!.length
    const report = await inspectLog(directory)
    expect(report).toMatchObject({ healthy: false, records: 17, readable: { before: 7, behind: 10 } })
    expect(report.findings).toEqual([
      {
        kind: 'damaged',
        segment: 3,
        path: segmentPath(directory, 3),
        offset,
        line: 3,
        sequence: 8,
        expected: 'record 8',
        found: 'other bytes',
        end: offset + lines[2]!.length,
        records: 1,
        after: /"hash":"(\w+)"/.exec(lines[1]!)![1],
        before: /"hash":"(\w+)"/.exec(lines[2]!)![1],
      },
    ])
    expect(report.end).toMatchObject({ segment: 5, sequence: 18 })
  })

  it('several damages, all of them', async () => {
    changeLine(directory, 1, 3, flip)
    changeLine(directory, 2, 1, (text) => text.replace('"log"', '"lug"'))
    changeLine(directory, 4, 2, () => 'x\n')
    changeLine(directory, 4, 5, (text) => `${'\0'.repeat(text.length - 1)}\n`)
    changeLine(directory, 5, 3, flip)
    const report = await inspectLog(directory)
    expect(placesOf(report.findings)).toEqual([
      'damaged 1:3',
      'damaged 2:1',
      'damaged 4:2',
      'damaged 4:5',
      'damaged 5:3',
    ])
    const found = report.findings.map((finding) => 'found' in finding && finding.found)
    expect(found).toEqual([
      'other bytes',
      'something else',
      'bytes that are no JSON object',
      'zeros',
      'other bytes',
    ])
    const lost = report.findings.map((finding) => 'records' in finding && finding.records)
    expect(lost).toEqual([1, 0, 2, 2, 1])
    expect(report).toMatchObject({ records: 12, readable: { before: 1, behind: 11 } })
  })

  it('a record that is missing, whose successor can only be believed with it', async () => {
    changeLine(directory, 4, 3, () => '')
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'damaged', segment: 4, line: 3, sequence: 12, records: 2 },
    ])
  })

  it('a segment that ends too early', async () => {
    const { length } = files['00000002.jsonl']!
    const [last] = linesOf(directory, 2).slice(-1)
    truncateSync(segmentPath(directory, 2), length - last!.length)
    const report = await inspectLog(directory)
    expect(report).toMatchObject({ readable: { before: 5, behind: 12 } })
    expect(report.findings).toMatchObject([
      {
        kind: 'damaged',
        segment: 2,
        offset: length - last!.length,
        line: 4,
        sequence: 6,
        expected: 'record 6',
        found: 'the end of the segment',
        records: 1,
      },
    ])
  })

  it('segments that are missing', async () => {
    rmSync(segmentPath(directory, 2))
    rmSync(segmentPath(directory, 3))
    const report = await inspectLog(directory)
    expect(report).toMatchObject({ segments: 3, readable: { before: 3, behind: 8 } })
    expect(report.findings).toMatchObject([
      {
        kind: 'segments-missing',
        segment: 2,
        last: 3,
        path: segmentPath(directory, 2),
        sequence: 4,
        records: 7,
      },
    ])
  })

  it('a segment without its header, an empty one, and one of zeros', async () => {
    changeLine(directory, 2, 1, () => '')
    truncateSync(segmentPath(directory, 3), 0)
    writeFileSync(segmentPath(directory, 4), Buffer.alloc(files['00000004.jsonl']!.length))
    const report = await inspectLog(directory)
    expect(placesOf(report.findings)).toEqual(['damaged 2:1', 'damaged 3:1', 'damaged 4:1'])
    // The first record behind a header that is missing cannot be believed by itself. How many were in a segment says
    // the header that follows; where that is damaged too, the next one says it for both.
    const lost = report.findings.map((finding) => 'records' in finding && finding.records)
    expect(lost).toEqual([1, null, 9])
    expect(report).toMatchObject({ readable: { before: 3, behind: 5 } })
  })

  it('a copy of another segment', async () => {
    copyFileSync(segmentPath(directory, 3), segmentPath(directory, 2))
    const report = await inspectLog(directory)
    expect(report).toMatchObject({ readable: { before: 3, behind: 12 } })
    expect(report.findings).toMatchObject([
      { kind: 'damaged', segment: 2, line: 1, found: 'that of segment 3', records: 3 },
    ])
  })

  it('a segment of another log, which breaks the chain before and behind it', async () => {
    const other = temporaryDirectory()
    await writeLives(other, [2, ...APPENDS], 1_000)
    copyFileSync(segmentPath(other, 3), segmentPath(directory, 3))
    const report = await inspectLog(directory)
    expect(placesOf(report.findings)).toContain('chain-broken 3:1')
    expect(placesOf(report.findings)).toContain('chain-broken 4:1')
  })

  it('the last record of a segment, behind which a write is that was never acknowledged', async () => {
    const hash = /"hash":"(\w+)"/.exec(linesOf(directory, 3).at(-1)!)![1]!
    const unsynced = line(hash, { ...record, seq: 11, stream: 'other/a' })
    appendFileSync(segmentPath(directory, 3), unsynced.text)
    changeLine(directory, 3, 5, flip)
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([{ kind: 'damaged', segment: 3, line: 5, records: 1 }])
    expect(report).toMatchObject({ records: 17, streams: 3 })
  })

  it('a segment that would have the one before it end too early', async () => {
    const previous = 'f'.repeat(64)
    const fields = { v: 2, log: 'coppice', segment: 3, first: 6, prev: previous }
    changeLine(directory, 3, 1, () => line(previous, fields).text)
    const report = await inspectLog(directory)
    expect(report.findings[0]).toMatchObject({ kind: 'chain-broken', segment: 3, line: 1 })
    expect(report).toMatchObject({ readable: { before: 6 }, leftovers: [] })
  })

  it('a first segment of another log', async () => {
    const other = temporaryDirectory()
    await writeLives(other, [2, ...APPENDS], 1_000)
    copyFileSync(segmentPath(other), segmentPath(directory))
    const report = await inspectLog(directory)
    expect(report.findings[0]).toMatchObject({ kind: 'chain-broken', segment: 2, line: 1 })
  })

  it('an end of which nothing is left but the form', async () => {
    changeLine(directory, 5, 4, (text) => text.replace('task', 'desk').replace('seq', 'sEq'))
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'damaged', segment: 5, line: 4, sequence: 18, records: null },
    ])
    expect(report).toMatchObject({ end: { segment: 5, sequence: 17, hash: null } })
  })

  it('a line that never ends', async () => {
    const text = files['00000002.jsonl']!
    writeFileSync(
      segmentPath(directory, 2),
      `${text.slice(0, 500)}${'x'.repeat(3_000_000)}${text.slice(500)}`,
    )
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'damaged', segment: 2, line: 3, found: 'a line that is too long, or has no end', records: 1 },
    ])
    expect(report.records).toBe(17)
  })

  it('a segment that the disk does not give out', async () => {
    const open: Disk['open'] = (path, mode) => {
      if (path === segmentPath(directory, 3)) throw Object.assign(new Error('EIO: i/o error'), { errno: -5 })
      return systemDisk.open(path, mode)
    }
    const report = await inspectLog(directory, { disk: { ...systemDisk, open } })
    expect(report.findings).toMatchObject([{ kind: 'unreadable', segment: 3, reason: 'EIO: i/o error' }])
    expect(report.records).toBe(14)
  })
})
