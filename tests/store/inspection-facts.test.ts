import { inspectLog } from '@coppice/store'
import { describe, expect, it } from 'vitest'
import { writeLives } from './helpers/lives.js'
import { header, line, record } from './helpers/log-files.js'
import { changeLine, flip, logOf, placesOf } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

/** A log of these records behind a good header. */
function logOfRecords(...records: readonly object[]): string {
  let { text, hash } = header()
  let lines = text
  for (const fields of records) {
    ;({ text, hash } = line(hash, { ...record, ...fields }))
    lines += text
  }
  return logOf({ '00000001.jsonl': lines })
}

const requested = {
  type: 'task.requested',
  data: { title: null, base: { ref: 'main', commit: '0' }, into: null, branch: 'b', path: '/p' },
}

describe('a good record is found too that says what it cannot say:', () => {
  it('a format of a newer version', async () => {
    const directory = logOfRecords(
      { ...requested },
      { v: 3, seq: 2, version: 2 },
      { v: 3, seq: 3, version: 3 },
    )
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'newer-version', sequence: 2, line: 3, version: 3, supported: 2 },
    ])
  })

  it('a header of a newer version', async () => {
    const directory = logOf({ '00000001.jsonl': header({ v: 3 }).text })
    const report = await inspectLog(directory)
    expect(report.findings[0]).toMatchObject({ kind: 'newer-version', segment: 1, line: 1, version: 3 })
  })

  it('a version of a stream that is not the next one', async () => {
    const directory = logOfRecords({ ...requested }, { seq: 2, version: 3 }, { seq: 3, version: 4 })
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'wrong-stream-version', sequence: 2, stream: 'task/a', expected: 2, found: 3 },
    ])
    expect(report.records).toBe(3)
  })

  it('a version that the stream had before, also where records are missing', async () => {
    const a = { stream: 'other/a' }
    const directory = logOfRecords(a, { seq: 2, stream: 'other/b' }, { ...a, seq: 3 })
    changeLine(directory, 1, 3, flip)
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'damaged', sequence: 2 },
      { kind: 'wrong-stream-version', sequence: 3, stream: 'other/a', expected: 2, found: 1 },
    ])
  })

  it('a type that this version does not know', async () => {
    const directory = logOfRecords(
      { ...requested },
      { seq: 2, version: 2, type: 'task.teleported' },
      { seq: 3, version: 3 },
    )
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([{ kind: 'unknown-fact', sequence: 2, type: 'task.teleported' }])
  })

  it('a fact that no lifecycle makes', async () => {
    const merged = { type: 'merge.landed', data: { commit: '1', into: 'main', strategy: 'merge' } }
    const directory = logOfRecords(
      { ...requested },
      { seq: 2, version: 2, ...merged },
      { seq: 3, stream: 'task/b' },
    )
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'impossible-fact', sequence: 2, stream: 'task/a', type: 'merge.landed', status: 'creating' },
      { kind: 'impossible-fact', sequence: 3, stream: 'task/b', type: 'task.parked', status: null },
    ])
    expect(report).toMatchObject({ healthy: false, records: 3, readable: { before: 3, behind: 0 } })
  })

  it('data that cannot be folded', async () => {
    const directory = logOfRecords(
      { ...requested },
      { seq: 2, version: 2, type: 'worktree.created', data: null },
    )
    const report = await inspectLog(directory)
    expect(report.findings).toMatchObject([
      { kind: 'impossible-fact', sequence: 2, reason: expect.any(String) },
    ])
  })
})

describe('nothing is said against', () => {
  it('the facts of a task of which records are missing', async () => {
    const directory = temporaryDirectory()
    await writeLives(directory, [2, 2, 1, 1, 1, 1])
    changeLine(directory, 1, 6, flip)
    const report = await inspectLog(directory)
    expect(placesOf(report.findings)).toEqual(['damaged 1:6'])
  })

  it('the facts of other streams than tasks', async () => {
    const directory = logOfRecords({ stream: 'other/a', type: 'anything', data: 1 })
    expect(await inspectLog(directory)).toMatchObject({ healthy: true, records: 1, streams: 1 })
  })
})
