import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRemains, openCoppice, repairLog, startNewLog, verifyLog, type Coppice } from 'coppice'
import { beforeEach, describe, expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { agentRuns, contentOf } from '../git-adapter/helpers/tree.js'
import { logFile } from '../helpers/damaged-log.js'
import { listing } from '../helpers/listing.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { damageLog, foreignTo, inEveryStatus, loseLog, worktreeOf } from './helpers/every-status.js'

let user: TestRepository

beforeEach(() => {
  user = makeRepository()
  useEnvironment(user.env)
})

const STATUSES = {
  abandoned: 'abandoned',
  begun: 'creating',
  committed: 'active',
  conflicted: 'active',
  detached: 'active',
  dirty: 'active',
  fresh: 'active',
  merged: 'merged',
  merging: 'active',
  parked: 'parked',
  pinned: 'active',
  squashed: 'merged',
  unmerged: 'parked',
}

const LOSSES: readonly (readonly [string, () => void, boolean])[] = [
  ['its directory is deleted', () => loseLog(user), false],
  ['all of its state is deleted', () => rmSync(join(user.path, '.git/coppice'), { recursive: true }), false],
  ['its end is damaged beyond repair', () => damageLog(user, -1_500), true],
]

describe.each(LOSSES)('a log is lost when %s', (_, lose, remembers) => {
  test('and a new one begins with every task; no byte of a worktree changes, and all go on', async () => {
    const { present, givenBack, foreign } = await inEveryStatus(user)
    lose()
    const dry = await startNewLog({ repo: user.path, dryRun: true })
    const report = await startNewLog({ repo: user.path })

    const statuses = report.tasks.map(({ id, recovered }) => [id, recovered.status])
    expect(Object.fromEntries(statuses)).toEqual(STATUSES)
    expect(dry.tasks.map(({ id, recovered }) => [id, recovered.status])).toEqual(statuses)
    expect(report.tasks.filter(({ problem }) => problem !== null)).toEqual([])
    const titles = report.tasks.map(({ id, recovered }) => [id, recovered.title])
    const known = Object.keys(STATUSES).map((id) => [
      id,
      remembers && id !== 'begun' ? `the title of ${id}` : null,
    ])
    expect(titles).toEqual(known)
    expectUnchanged(present)
    expect(foreignTo(user)).toEqual(foreign)

    await using coppice = await openCoppice({ repo: user.path })
    expectUnchanged(present)
    // HEAD away from the branch is told as ever, and what an interrupted verification left is taken away.
    const { repaired, failed } = await coppice.repair()
    expect(failed).toEqual([])
    expect(repaired.map(({ code, task }) => [code, task])).toEqual(
      expect.arrayContaining([['head-elsewhere', 'detached']]),
    )
    const { detached: __, ...others } = present
    expectUnchanged(others)
    expect(await coppice.doctor()).toMatchObject({ healthy: true })
    expect(coppice.task('begun').status).toBe('active')
    await expectToGoOn(coppice, givenBack)
    expect(foreignTo(user)).toEqual(foreign)
    expect(await coppice.doctor()).toMatchObject({ healthy: true })
  }, 120_000)
})

function expectUnchanged(present: Readonly<Record<string, unknown>>): void {
  for (const [id, content] of Object.entries(present)) {
    expect([id, contentOf(user, worktreeOf(user, id))]).toEqual([id, content])
  }
}

async function expectToGoOn(coppice: Coppice, givenBack: Readonly<Record<string, unknown>>): Promise<void> {
  await coppice.task('parked').resume()
  await coppice.task('unmerged').resume()
  await coppice.task('abandoned').restore()
  for (const [id, content] of Object.entries(givenBack)) {
    expect([id, contentOf(user, worktreeOf(user, id))]).toEqual([id, content])
  }
  agentRuns(user, worktreeOf(user, 'dirty'), 'echo later > later')
  const checkpoint = await coppice.task('dirty').checkpoint()
  expect(user.git('show', `${checkpoint!.ref}:later`)).toBe('later')
  for (const id of ['dirty', 'merging', 'committed', 'fresh']) {
    expect(await coppice.task(id).merge({ into: 'main' })).toMatchObject({ status: 'merged' })
  }
  await coppice.task('detached').park()
  await coppice.task('pinned').abandon()
  expect(user.git('show', 'main:m')).toBe('m')
}

test('nothing begins beside what a lost log has left, and every refusal says what to do', async () => {
  await (await openCoppice({ repo: user.path })).create({ id: 'a' })
  loseLog(user)
  const before = listing(user.scratch)
  const refusal = {
    code: 'log-lost',
    directory: join(user.path, '.git/coppice/log'),
    hint: expect.stringMatching(/coppice doctor.*coppice repair --new-log/) as string,
  }
  await expect(openCoppice({ repo: user.path })).rejects.toMatchObject(refusal)
  await expect(openCoppice({ repo: user.path, recover: false })).rejects.toMatchObject(refusal)
  await expect(verifyLog({ repo: user.path })).rejects.toMatchObject(refusal)
  await expect(repairLog({ repo: user.path })).rejects.toMatchObject(refusal)
  await findRemains({ repo: user.path })
  await startNewLog({ repo: user.path, dryRun: true })
  expect(listing(user.scratch)).toEqual(before)
})

test('a repository in which no task ever was has lost nothing, whatever its branches are called', async () => {
  user.git('branch', 'coppice/mine')
  user.git('worktree', 'add', '--quiet', join(user.scratch, 'foreign'), '-b', 'coppice/theirs')
  user.git('update-ref', 'refs/coppice/not_A_task!/checkpoints/1', 'HEAD')
  const before = listing(user.scratch)
  expect(await startNewLog({ repo: user.path })).toMatchObject({ isNeeded: false, tasks: [] })
  expect(await verifyLog({ repo: user.path })).toMatchObject({ healthy: true })
  await using coppice = await openCoppice({ repo: user.path })
  expect(coppice.tasks()).toEqual([])
  const isOurs = (path: string): boolean =>
    /^repo\/\.git\/coppice(\/(boot|locks(\/[^/]+\.lock)?))?$/.test(path)
  const after = Object.keys(listing(user.scratch))
  expect(after.filter((path) => !isOurs(path))).toEqual(Object.keys(before))
})

test('a log that is whole, or can be repaired, is not given up', async () => {
  const coppice = await openCoppice({ repo: user.path })
  await coppice.create({ id: 'a' })
  await coppice.close()
  const whole = readFileSync(logFile(user))
  expect(await startNewLog({ repo: user.path })).toMatchObject({ isNeeded: false, keptAside: null })
  const broken = Buffer.from(whole)
  broken[300]! ^= 4
  writeFileSync(logFile(user), broken)
  await expect(startNewLog({ repo: user.path })).rejects.toMatchObject({
    code: 'log-not-lost',
    hint: expect.stringContaining('coppice repair') as string,
  })
  expect(readFileSync(logFile(user))).toEqual(broken)
})

test('what is left of the old log is kept, each time in a directory of its own', async () => {
  const coppice = await openCoppice({ repo: user.path })
  await coppice.create({ id: 'a' })
  await coppice.task('a').park()
  await coppice.task('a').resume()
  await coppice.close()
  for (const number of [1, 2]) {
    damageLog(user, 600)
    const lost = readFileSync(logFile(user))
    const { keptAside } = await startNewLog({ repo: user.path })
    expect(keptAside).toBe(join(user.path, `.git/coppice/lost-log-${number}`))
    expect(readFileSync(join(keptAside!, 'log/00000001.jsonl'))).toEqual(lost)
    expect(await startNewLog({ repo: user.path })).toMatchObject({ isNeeded: false })
    await using again = await openCoppice({ repo: user.path })
    await again.task('a').park()
    await again.task('a').resume()
  }
  expect(readdirSync(join(user.path, '.git/coppice')).filter((name) => name.startsWith('new-log'))).toEqual(
    [],
  )
})

test('a backup tells what tasks were called and where they go, though it is older than the log', async () => {
  const coppice = await openCoppice({ repo: user.path })
  await coppice.create({ id: 'a', title: 'remembered' })
  cpSync(join(user.path, '.git/coppice'), join(user.scratch, 'backup'), { recursive: true })
  await coppice.task('a').park()
  await coppice.create({ id: 'b', title: 'forgotten' })
  await coppice.close()
  loseLog(user)
  const { tasks } = await startNewLog({ repo: user.path, from: join(user.scratch, 'backup') })
  expect(tasks).toMatchObject([
    { id: 'a', recovered: { title: 'remembered', into: 'main', base: { ref: 'main' }, unknown: [] } },
    { id: 'b', recovered: { title: null, into: null, unknown: ['title', 'base', 'into', 'agent'] } },
  ])
  await expect(startNewLog({ repo: user.path, from: user.scratch })).resolves.toMatchObject({
    isNeeded: false,
  })
})

test('a checkpoint that a new log begins with is looked after like any other', async () => {
  const coppice = await openCoppice({ repo: user.path })
  const task = await coppice.create({ id: 'a' })
  agentRuns(user, task.path, 'echo work > work')
  await task.park()
  await coppice.close()
  loseLog(user)
  const { tasks } = await startNewLog({ repo: user.path })
  const { ref, commit } = tasks[0]!.recovered.checkpoint!
  user.git('update-ref', '-d', ref)
  await using again = await openCoppice({ repo: user.path })
  expect((await again.doctor()).drifts).toMatchObject([{ code: 'pin-missing', subject: ref }])
  await again.repair()
  expect(user.git('rev-parse', ref)).toBe(commit)
})

test('where a snapshot is left of the log, tasks keep their names', async () => {
  const coppice = await openCoppice({ repo: user.path })
  const task = await coppice.create({ id: 'a', title: 'remembered' })
  await (await coppice.create({ id: 'done', title: 'remembered too' })).abandon()
  // So much has to happen for a snapshot to be worth its cost.
  for (let run = 0; run < 130; run++) await task.run(['true'])
  await coppice.close()
  loseLog(user)
  const { tasks, keptAside } = await startNewLog({ repo: user.path })
  expect(tasks.map(({ recovered: { title, status } }) => [title, status])).toEqual([
    ['remembered', 'active'],
    ['remembered too', 'abandoned'],
  ])
  expect(readdirSync(keptAside!)).toContain('snapshot.json')
  expect(await verifyLog({ repo: user.path })).toMatchObject({
    healthy: true,
    caches: [{ state: 'none' }, { state: 'none' }],
  })
  await using again = await openCoppice({ repo: user.path })
  expect(again.tasks().map(({ state }) => state.title)).toEqual(['remembered', 'remembered too'])
})
