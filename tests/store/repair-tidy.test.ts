import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openFileLog, repairLog, systemDisk, type Disk, type DiskFile } from '@coppice/store'
import { expect, it } from 'vitest'
import { errorOf } from './helpers/errors.js'
import { factsOf } from './helpers/facts.js'
import { faultyDisk } from './helpers/faulty-disk.js'
import { lifeOf, writeLives } from './helpers/lives.js'
import { filesOf, header, line, record, segmentPath } from './helpers/log-files.js'
import { changeLine, flip, linesOf, setLines } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

it('cuts off an interrupted write and keeps it aside, as the next writer would', async () => {
  const [directory, other] = [temporaryDirectory(), temporaryDirectory()]
  await writeLives(directory, [2, 1])
  const { size } = statSync(segmentPath(directory))
  const torn = '{"v":2,"seq":4,"version":2,"more":1,"stre'
  appendFileSync(segmentPath(directory), `${torn}\0\0\n\n\n`)
  const facts = await factsOf(await openFileLog(directory))
  const { items, keptAside, report } = await repairLog(directory)
  const path = segmentPath(directory)
  expect(items).toEqual([{ kind: 'cut-off', segment: 1, path, offset: size, bytes: torn.length + 3 }])
  expect(keptAside).toEqual([join(directory, 'log', `torn-00000001-${size}.bin`)])
  expect(readFileSync(keptAside[0]!, 'latin1')).toBe(`${torn}\0\0\n`)
  expect(report).toMatchObject({
    healthy: true,
    segments: 2,
    tail: { kind: 'nothing' },
    end: { sequence: 3 },
  })
  expect(statSync(path).size).toBe(size)
  expect(await factsOf(await openFileLog(directory))).toEqual(facts)
  expect(await repairLog(other)).toMatchObject({ items: [], report: { healthy: true } })
})

it('puts a last write right in which a byte was changed, rather than cut it off', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 1, 3])
  const original = filesOf(directory)
  changeLine(directory, 1, 5, (text) => text.replace('"', '\0'))
  expect(await factsOf(await openFileLog(directory))).toHaveLength(3)
  const { items, report } = await repairLog(directory)
  expect(items).toMatchObject([{ kind: 'correct-byte', from: 0, to: 0x22 }])
  expect(report).toMatchObject({ healthy: true, records: 6 })
  expect(filesOf(directory)).toMatchObject(original)
})

it('cuts off what would be no whole append with a byte put right either', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 1, 3])
  const lines = linesOf(directory)
  setLines(directory, 1, [...lines.slice(0, 4), lines[4]!.replace('"', '\0'), lines[5]!])
  expect(await repairLog(directory)).toMatchObject({ items: [{ kind: 'cut-off' }], report: { records: 3 } })
})

it('makes durable what is before an interrupted write, before a new segment says that it is', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 1])
  appendFileSync(segmentPath(directory), 'torn')
  const steps: string[] = []
  const open: Disk['open'] = (path, mode) => {
    const file = systemDisk.open(path, mode)
    const sync = async (): Promise<void> => {
      steps.push(`sync ${basename(path)}`)
      await file.sync()
    }
    const truncate = (size: number): void => {
      steps.push(`truncate ${basename(path)}`)
      file.truncate(size)
    }
    return Object.assign(Object.create(file) as DiskFile, { sync, truncate })
  }
  const rename: Disk['rename'] = (from, to) => {
    steps.push(`rename ${basename(to)}`)
    systemDisk.rename(from, to)
  }
  await repairLog(directory, { disk: { ...systemDisk, open, rename } })
  expect(steps).toEqual([
    expect.stringMatching(/^sync torn-.*\.tmp$/),
    expect.stringContaining('rename torn-'),
    // A byte longer and shorter again, so that the size is written with the records.
    'truncate 00000001.jsonl',
    'truncate 00000001.jsonl',
    'sync 00000001.jsonl',
    'sync 00000002.jsonl.tmp',
    'rename 00000002.jsonl',
    'truncate 00000001.jsonl',
  ])
})

it('leaves reserved room, and what was kept aside before, as they are', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  for (const fact of lifeOf('a', 20)) await log.append('task/a', [fact], 'any')
  for (const name of ['torn-00000001-7.bin', 'replaced-00000001.bin', 'mine']) {
    writeFileSync(join(directory, 'log', name), 'kept')
  }
  const before = filesOf(directory)
  expect(await repairLog(directory)).toMatchObject({ items: [], refused: [], report: { healthy: true } })
  expect(filesOf(directory)).toEqual(before)
  await log.append('task/a', lifeOf('a', 21).slice(20), 20)
  await log.close()
})

it('removes a segment that never got its name, and drops caches of another log', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 2])
  const temporary = `${segmentPath(directory, 2)}.tmp`
  writeFileSync(temporary, 'half a hea')
  for (const name of ['heads', 'snapshot']) writeFileSync(join(directory, `${name}.json`), '{}')
  const { items, report } = await repairLog(directory)
  expect(items).toEqual([
    { kind: 'remove-temporary', path: temporary },
    { kind: 'drop-cache', name: 'heads', path: join(directory, 'heads.json') },
    { kind: 'drop-cache', name: 'snapshot', path: join(directory, 'snapshot.json') },
  ])
  expect(existsSync(temporary)).toBe(false)
  expect(report.caches.map(({ state }) => state)).toEqual(['none', 'none'])
  expect(report.leftovers).toEqual([])
})

it('keeps what the damage of an earlier repair looked like', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 2])
  for (const suffix of ['', '-1', '-2']) {
    changeLine(directory, 1, 3, flip)
    const damaged = filesOf(directory)['00000001.jsonl']!
    const path = join(directory, 'log', `replaced-00000001${suffix}.bin`)
    expect((await repairLog(directory)).keptAside).toEqual([path])
    expect(readFileSync(path, 'latin1')).toBe(damaged)
  }
})

it('is not undone by a process that had the log open, which has to open it again', async () => {
  const directory = temporaryDirectory()
  const log = await openFileLog(directory)
  const life = lifeOf('a', 6)
  await log.append('task/a', life.slice(0, 4), 'no-stream')
  changeLine(directory, 1, 3, flip)
  await repairLog(directory)
  const repaired = filesOf(directory)
  // It has the file open that was replaced.
  const error = await errorOf(log.append('task/a', life.slice(4, 5), 4))
  expect(error).toMatchObject({ code: 'log-corrupt', found: 'another file' })
  await log.close()
  expect(filesOf(directory)).toEqual(repaired)
  const again = await openFileLog(directory)
  await again.append('task/a', life.slice(4), 4)
  expect(await factsOf(again)).toHaveLength(6)
  await again.close()
})

it.each([
  ['a newer version', { v: 3 }, 'newer-version', 'upgrade'],
  ['an unknown type', { type: 'task.teleported', stream: 'task/a', version: 1 }, 'unknown-fact', 'upgrade'],
  ['a fact that no lifecycle makes', {}, 'impossible-fact', 'which program wrote it'],
  ['a wrong version', { version: 7 }, 'wrong-stream-version', 'which program wrote it'],
])('leaves alone what was written as it is: %s', async (_, fields, kind, advice) => {
  const directory = temporaryDirectory()
  systemDisk.makeDirectory(join(directory, 'log'))
  const first = header()
  writeFileSync(segmentPath(directory), first.text + line(first.hash, { ...record, ...fields }).text)
  const before = filesOf(directory)
  const { items, refused } = await repairLog(directory)
  expect(items).toEqual([])
  expect(refused).toMatchObject([{ finding: { kind }, advice: expect.stringContaining(advice) }])
  expect(filesOf(directory)).toEqual(before)
})

it('leaves alone what the disk does not give out', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [1, 1, 1, 1, 1], 700)
  const open: typeof systemDisk.open = (path, mode) => {
    if (path === segmentPath(directory, 2)) throw Object.assign(new Error('EIO: i/o error'), { errno: -5 })
    return systemDisk.open(path, mode)
  }
  const { items, refused } = await repairLog(directory, { disk: { ...systemDisk, open } })
  expect({ items, refused }).toMatchObject({ items: [], refused: [{ finding: { kind: 'unreadable' } }] })
})

it('waits for an append that is going on, and is refused while somebody keeps the lock', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 2])
  changeLine(directory, 1, 3, flip)
  const damaged = filesOf(directory)
  const lock = systemDisk.lockAt(join(directory, 'lock'))
  await lock.lock()
  const error = await errorOf(repairLog(directory, { lockPatienceMs: 30 }))
  expect(error).toMatchObject({ code: 'log-in-use', path: join(directory, 'lock'), waited: 30 })
  expect(filesOf(directory)).toEqual(damaged)
  const waiting = repairLog(directory)
  lock.unlock()
  expect(await waiting).toMatchObject({ report: { healthy: true } })
  lock.close()
})

it('stops waiting when it is told to', async () => {
  const directory = temporaryDirectory()
  await writeLives(directory, [1])
  const lock = systemDisk.lockAt(join(directory, 'lock'))
  await lock.lock()
  const reason = new Error('enough')
  await expect(repairLog(directory, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  lock.close()
})

it.each([
  ['the first', 0],
  ['the second', 1],
])('leaves the log as it was when the disk is full at %s write', async (_, good) => {
  const directory = temporaryDirectory()
  await writeLives(directory, [2, 2])
  changeLine(directory, 1, 3, flip)
  const damaged = filesOf(directory)
  let writes = 0
  const disk = faultyDisk({
    write: (bytes, write) => {
      if (writes++ < good) return write(bytes)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    },
  })
  const error = await errorOf(repairLog(directory, { disk }))
  expect(error).toMatchObject({
    code: 'repair-failed',
    path: segmentPath(directory),
    cause: { code: 'ENOSPC' },
  })
  expect(filesOf(directory)).toMatchObject(damaged)
  expect(await repairLog(directory)).toMatchObject({ report: { healthy: true } })
})
