import { appendFileSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RepairReport, TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { flipBit, logFile } from '../../helpers/damaged-log.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'

test('a changed bit is put right, and every task is as it was', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  await coppice(repository, ['park', 'a'])
  const before = await coppiceJson(repository, ['replay'])
  const path = logFile(repository)
  const whole = readFileSync(path)
  flipBit(path, 300, 4)
  const damaged = readFileSync(path)
  const dry = await coppice(repository, ['repair', '--dry-run'])
  const hex = (byte: number | undefined): string => `0x${byte!.toString(16)}`
  const what = `00000001.jsonl gets byte 300 back, ${hex(whole[300])} in place of ${hex(damaged[300])}`
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`would be repaired: ${what}\nafter that the log`),
  })
  expect(readFileSync(path)).toEqual(damaged)

  const kept = join(repository.path, '.git/coppice/log/replaced-00000001.bin')
  const { code, stdout, stderr } = await coppice(repository, ['repair'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n')).toEqual([
    `repaired: ${what}`,
    `kept as it was: ${kept}`,
    expect.stringMatching(/^the log is whole: \d+ records, every hash is right$/),
    '',
  ])
  expect(readFileSync(path)).toEqual(whole)
  expect(readFileSync(kept)).toEqual(damaged)
  expect(await coppiceJson(repository, ['replay'])).toEqual(before)
  expect(await coppice(repository, ['resume', 'a'])).toMatchObject({ code: 0 })
})

test('what cannot be proven is refused with its place and what to do, and nothing is touched', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  for (const offset of [300, 310]) flipBit(logFile(repository), offset, 4)
  appendFileSync(logFile(repository), '{"v":2,')
  const before = listing(join(repository.path, '.git/coppice/log'))
  const { code, stdout } = await coppice(repository, ['repair'])
  expect(code).toBe(1)
  expect(stdout).toContain(`not repaired: ${logFile(repository)}, byte `)
  expect(stdout).toContain('  no single byte makes it right\n')
  expect(stdout).toContain('coppice repair --from')
  expect(stdout).toMatch(/\nthe log is damaged in 1 place: .*\n$/)
  expect(listing(join(repository.path, '.git/coppice/log'))).toEqual(before)
})

test('with a backup it is put back, and the task goes on', async () => {
  const repository = makeRepository()
  await coppiceJson<TaskState>(repository, ['new', 'a'])
  cpSync(join(repository.path, '.git/coppice'), join(repository.scratch, 'backup'), { recursive: true })
  await coppice(repository, ['park', 'a'])
  for (const offset of [300, 310]) flipBit(logFile(repository), offset, 4)
  // The directory is relative to where the command works.
  const args = ['repair', '--from', '../../backup', '--json', '-C', 'src']
  const { code, stdout, stderr } = await coppice(repository, args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const report = JSON.parse(stdout) as RepairReport
  expect(report).toMatchObject({ dryRun: false, refused: [], report: { healthy: true } })
  expect(report.items).toMatchObject([
    { kind: 'put-back', segment: 1, copy: join(repository.scratch, 'backup/log/00000001.jsonl') },
  ])
  expect(report.keptAside.map((path) => basename(path))).toEqual(['replaced-00000001.bin'])
  expect(await coppice(repository, ['resume', 'a'])).toMatchObject({ code: 0 })
})

test('a directory without copies is a usage error', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const ended = await coppice(repository, ['repair', '--from', 'src', '--json'])
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(errorOf(ended)).toMatchObject({
    code: 'copies-not-found',
    directory: join(repository.path, 'src'),
    hint: expect.stringContaining('00000001.jsonl'),
  })
})

test('a healthy log is left alone, and one that is not there is not made', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  expect(await coppice(repository, ['repair'])).toMatchObject({ code: 0, stderr: '' })
  expect(listing(repository.scratch)).toEqual(before)
  await coppice(repository, ['new', 'a'])
  const log = listing(join(repository.path, '.git/coppice/log'))
  expect(await coppiceJson(repository, ['repair'])).toMatchObject({ items: [], refused: [], keptAside: [] })
  expect(listing(join(repository.path, '.git/coppice/log'))).toEqual(log)
})

test('everything that was left behind is told and tidied up', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const { size } = statSync(logFile(repository))
  appendFileSync(logFile(repository), 'torn')
  writeFileSync(`${logFile(repository)}.tmp`, '')
  writeFileSync(join(repository.path, '.git/coppice/snapshot.json'), '{')
  const { code, stdout } = await coppice(repository, ['repair'])
  expect(code).toBe(0)
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    `repaired: 00000001.jsonl loses 4 bytes of an interrupted write behind byte ${size}`,
    'repaired: 00000001.jsonl.tmp, which never got its name, is removed',
    'repaired: the cache snapshot is dropped; it is made again',
    `kept as it was: ${join(repository.path, `.git/coppice/log/torn-00000001-${size}.bin`)}`,
  ])
})
