import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspectLog, openFileLog, systemDisk } from '@coppice/store'
import { describe, expect, it } from 'vitest'
import { manyParked } from './helpers/facts.js'
import { lifeOf, writeLives } from './helpers/lives.js'
import { linesOf } from './helpers/repairs.js'
import { header, line, record, segmentPath } from './helpers/log-files.js'
import { finished, start } from './helpers/programs.js'
import { temporaryDirectory } from './helpers/temporary.js'

it('takes nothing that writers do for damage, and is no hindrance to them', async () => {
  const directory = temporaryDirectory()
  const writers = [1, 2].map((writer) => finished(start('append', directory, `other/${writer}`, 3, 400, 40)))
  const seen = [0]
  while (seen.at(-1)! < 2_400) {
    const { findings, records } = await inspectLog(directory)
    expect(findings).toEqual([])
    seen.push(records)
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  for (const { exitCode, lines } of await Promise.all(writers)) {
    expect({ exitCode, facts: lines.length }).toEqual({ exitCode: 0, facts: 1_200 })
  }
  const report = await inspectLog(directory)
  expect(report).toMatchObject({ healthy: true, records: 2_400, streams: 2 })
  expect(report.segments).toBeGreaterThan(10)
})

it('looks again before it calls an end damaged, since a writer may be cutting it off', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 1])
  const good = readFileSync(segmentPath(directory), 'utf8')
  writeFileSync(segmentPath(directory), good.replace('"seq":3', '"seq":4'))
  let looks = 0
  const disk = {
    ...systemDisk,
    list: (path: string) => {
      if (++looks === 4) writeFileSync(segmentPath(directory), good)
      return systemDisk.list(path)
    },
  }
  expect(await inspectLog(directory, { disk })).toMatchObject({ healthy: true, records: 3 })
  expect(looks).toBeGreaterThan(4)
})

it('holds a small part of a log in memory', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  const life = lifeOf('large', 2_000, 'x'.repeat(60_000))
  for (let first = 0; first < life.length; first += 100) {
    await log.append('task/large', life.slice(first, first + 100), 'any')
  }
  await log.close()
  const program = fileURLToPath(new URL('programs/verify.mjs', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, ['--max-old-space-size=24', program, directory])
  expect({ status, ...(JSON.parse(stdout.toString()) as object) }).toMatchObject({
    status: 0,
    healthy: true,
    records: 2_000,
  })
})

describe('what is beside the log is told, and is no damage:', () => {
  it('files that were left, and bytes of a write that could not be synced', async () => {
    const directory = temporaryDirectory()
    await writeLives(directory, [1, 1, 1, 1, 1, 1], 700)
    const names = [
      '00000009.jsonl.tmp',
      'torn-00000001-20.bin',
      'torn-00000001-20-1.bin',
      'replaced-00000001.bin',
      'mine',
    ]
    for (const name of names) writeFileSync(join(directory, 'log', name), 'abc')
    appendFileSync(segmentPath(directory), 'never acknowledged\n')
    const { healthy, leftovers } = await inspectLog(directory)
    expect(healthy).toBe(true)
    const kinds = {
      [names[0]!]: 'temporary',
      [names[1]!]: 'torn',
      [names[2]!]: 'torn',
      [names[3]!]: 'replaced',
      mine: 'other',
    }
    const files = Object.entries(kinds).map(([name, kind]) => ({
      kind,
      path: join(directory, 'log', name),
      bytes: 3,
    }))
    const unsynced = { kind: 'void', path: segmentPath(directory), bytes: 'never acknowledged\n'.length }
    expect(new Set(leftovers)).toEqual(new Set([...files, unsynced]))
  })

  it('a whole append that could not be synced, behind which the log went on in a new segment', async () => {
    const directory = temporaryDirectory()
    systemDisk.makeDirectory(join(directory, 'log'))
    const first = header()
    const one = line(first.hash, { ...record, stream: 'other/a' })
    const refused = line(one.hash, { ...record, stream: 'other/a', seq: 2, version: 2, data: 'refused' })
    const second = line(one.hash, { v: 2, log: 'coppice', segment: 2, first: 2, prev: one.hash })
    const two = line(second.hash, { ...record, stream: 'other/a', seq: 2, version: 2, data: 'acknowledged' })
    writeFileSync(segmentPath(directory), first.text + one.text + refused.text)
    writeFileSync(segmentPath(directory, 2), second.text + two.text)
    const leftovers = [{ kind: 'void', path: segmentPath(directory), bytes: refused.text.length }]
    expect(await inspectLog(directory)).toMatchObject({ healthy: true, records: 2, leftovers })
  })

  it('caches of this log', async () => {
    const directory = temporaryDirectory()
    await writeLives(
      directory,
      Array.from({ length: 300 }, () => 1),
      100_000,
    )
    const { caches } = await inspectLog(directory)
    expect(caches).toMatchObject([
      { name: 'heads', state: 'good', sequence: 300 },
      { name: 'snapshot', state: 'none' },
    ])
  })

  it('caches of another log, of one that went further, and broken ones', async () => {
    const [directory, other] = [temporaryDirectory(), temporaryDirectory()]
    await writeLives(directory, [2, 2, 2])
    const log = await openFileLog(other)
    for (let append = 0; append < 30; append++) await log.append('other/a', manyParked(10), 'any')
    await log.close()
    const stateOf = async (): Promise<string | undefined> => (await inspectLog(directory)).caches[0]?.state

    const copyCache = (): void => {
      systemDisk.makeDirectory(join(directory, 'heads'))
      copyFileSync(join(other, 'heads.json'), join(directory, 'heads.json'))
      for (const name of systemDisk.list(join(other, 'heads'))) {
        copyFileSync(join(other, 'heads', name), join(directory, 'heads', name))
      }
    }
    copyCache()
    expect(await stateOf()).toBe('ahead')
    await writeLives(
      directory,
      Array.from({ length: 400 }, () => 1),
    )
    copyCache()
    expect(await stateOf()).toBe('foreign')
    writeFileSync(join(directory, 'heads.json'), '{')
    expect(await stateOf()).toBe('damaged')
    copyCache()
    const lines = linesOf(directory)
    writeFileSync(segmentPath(directory), lines.with(2, lines[2]!.replace('"seq"', '"sEq"')).join(''))
    expect(await stateOf()).toBe('unknown')
  })
})
