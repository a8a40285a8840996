import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogReport } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { listing } from '../../helpers/listing.js'
import { flipBit, logFile, whileReadOnly } from '../../helpers/damaged-log.js'
import { makeRepository } from '../../helpers/repository.js'

test('a whole log is told with what it holds, and with nothing changed', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  await coppice(repository, ['park', 'a'])
  const before = listing(repository.scratch)
  const { code, stdout, stderr } = await coppice(repository, ['verify'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^the log is whole: \d+ records, every hash is right\n/)
  expect(stdout).toContain(`directory  ${join(repository.path, '.git/coppice/log')}\n`)
  expect(stdout).toMatch(/end +record \d+, hash [0-9a-f]{64}\n/)
  expect(listing(repository.scratch)).toEqual(before)
})

test('a repository without tasks has an empty log, and nothing is made', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  expect(await coppice(repository, ['verify'])).toMatchObject({ code: 0, stderr: '' })
  expect(await coppiceJson(repository, ['verify'])).toMatchObject({ healthy: true, segments: 0, records: 0 })
  expect(listing(repository.scratch)).toEqual(before)
})

test('damage is told where no other command goes on: its place, what was found, and what is good around it', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const path = logFile(repository)
  const [header, first] = readFileSync(path, 'latin1').split('\n')
  const offset = header!.length + 1
  flipBit(path, offset + 20)
  const before = listing(repository.scratch)
  const listed = await coppice(repository, ['list'])
  expect(listed).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('`coppice verify` lists all that is damaged'),
  })
  const { code, stdout, stderr } = await coppice(repository, ['verify'])
  expect(code).toBe(1)
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    'the log is damaged in 1 place: 0 good records before that, 1 behind',
    `1. ${path}, byte ${offset}, line 2, record 1`,
    expect.stringContaining('   expected record 1, found '),
    `   1 record cannot be read, in ${first!.length + 1} bytes`,
  ])
  expect(stderr).toContain('coppice repair --dry-run')
  expect(await coppice(repository, ['verify', '--quiet'])).toMatchObject({ code: 1, stdout, stderr: '' })
  expect(listing(repository.scratch)).toEqual(before)
})

test('with --json it is one object, and nothing else is said', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  expect(await coppiceJson(repository, ['verify'])).toMatchObject({ healthy: true, records: 2, findings: [] })
  const path = logFile(repository)
  flipBit(path, 300)
  const { code, stdout, stderr } = await coppice(repository, ['verify', '--json'])
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const report = JSON.parse(stdout) as LogReport
  expect(report).toMatchObject({ healthy: false, readable: { before: 0, behind: 1 } })
  expect(report.findings).toMatchObject([{ kind: 'damaged', path, segment: 1, line: 2, sequence: 1 }])
})

test('what comes from files is made safe to print', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const state = join(repository.path, '.git/coppice')
  writeFileSync(join(state, 'log', 'odd\u001b[2Jname'), '')
  const { stdout } = await coppice(repository, ['verify'])
  expect(stdout).toContain('odd\\u001b[2Jname')
  expect(stdout).not.toContain('\u001b')
})

test('it works in a repository that cannot be written, from any directory of it', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  flipBit(logFile(repository), 300)
  await whileReadOnly(repository, async () => {
    const before = listing(repository.scratch)
    const options = { boundByModes: true, cwd: join(repository.path, 'src') }
    expect(await coppice(repository, ['verify'], options)).toMatchObject({ code: 1 })
    expect(await coppice(repository, ['repair', '--dry-run'], options)).toMatchObject({ code: 0, stderr: '' })
    const refused = await coppice(repository, ['repair'], options)
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('EACCES') })
    expect(listing(repository.scratch)).toEqual(before)
  })
})

test('a log that goes on while it is being read is whole', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const working = (async () => {
    for (let turn = 0; turn < 3; turn++) {
      await coppice(repository, ['park', 'a'])
      await coppice(repository, ['resume', 'a'])
    }
  })()
  const sizes = []
  for (let look = 0; look < 8; look++) {
    expect(await coppice(repository, ['verify'])).toMatchObject({ code: 0 })
    sizes.push(statSync(logFile(repository)).size)
  }
  await working
  expect(new Set(sizes).size).toBeGreaterThan(1)
})
