import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { logFile } from '../../helpers/damaged-log.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

async function withLostLog(): Promise<{ readonly repository: TestRepository; readonly task: TaskState }> {
  const repository = makeRepository()
  const task = await coppiceJson<TaskState>(repository, ['new', 'fix', '--title', 'Fix it'])
  writeFileSync(join(task.path, 'work.txt'), 'work\n')
  await coppice(repository, ['new', 'later'])
  await coppice(repository, ['park', 'later'])
  rmSync(join(repository.path, '.git/coppice/log'), { recursive: true })
  return { repository, task }
}

test.each([
  ['list'],
  ['new', 'another'],
  ['status', 'fix'],
  ['log'],
  ['verify'],
  ['repair'],
  ['merge', 'fix'],
])('%s refuses a log that is gone, and says what there is to do', async (...args) => {
  const { repository } = await withLostLog()
  const before = listing(repository.scratch)
  const ended = await coppice(repository, ['--json', ...args])
  expect(ended).toMatchObject({ code: 1, stdout: '' })
  expect(errorOf(ended)).toMatchObject({
    code: 'log-lost',
    directory: join(repository.path, '.git/coppice/log'),
    hint: expect.stringContaining('coppice repair --new-log') as string,
  })
  expect(listing(repository.scratch)).toEqual(before)
})

test('the doctor lists what git holds of each task and what nobody knows, and changes nothing', async () => {
  const { repository, task } = await withLostLog()
  repository.git('branch', 'coppice/mine')
  const before = listing(repository.scratch)
  const { code, stdout, stderr } = await coppice(repository, ['doctor'])
  expect(code).toBe(1)
  const tip = task.base.commit.slice(0, 10)
  expect(stdout.split('\n').slice(1)).toEqual([
    'without it, this is what there is:',
    'fix: active',
    `  branch coppice/fix at ${tip}`,
    `  worktree ${task.path}, with work that is in no commit`,
    '  nothing is pinned',
    '  not known: its title, what it began with, where it is to be merged, whether an agent is at work',
    'later: parked',
    `  branch coppice/later at ${tip}`,
    `  newest: checkpoint 1 (${tip})`,
    '  1 pinned below refs/coppice/later',
    '  not known: its title, what it began with, where it is to be merged',
    'left alone: refs/heads/coppice/mine: it is named like one of ours, and nothing shows that it is; it stays as it is',
    '',
  ])
  expect(stderr).toContain('--new-log')
  const json = await coppice(repository, ['doctor', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({
    healthy: false,
    drifts: [],
    remains: {
      tasks: [{ id: 'fix', uncommitted: true }, { id: 'later' }],
      gone: [],
      odd: [{ subject: 'refs/heads/coppice/mine' }],
    },
  })
  expect(listing(repository.scratch)).toEqual(before)
})

test('a new log is begun when asked for, a dry run only says so, and a second time there is nothing to do', async () => {
  const { repository, task } = await withLostLog()
  const before = listing(repository.scratch)
  const dry = await coppice(repository, ['repair', '--new-log', '--dry-run'])
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('\na new log would be begun with 2 tasks\n') as string,
  })
  expect(listing(repository.scratch)).toEqual(before)

  const done = await coppice(repository, ['repair', '--new-log'])
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(
      '\na new log was begun with 2 tasks; their history is not in it\n',
    ) as string,
  })
  expect(repository.git('show', 'refs/coppice/fix/checkpoints/1:work.txt')).toBe('work')
  const log = readFileSync(logFile(repository))
  const again = await coppice(repository, ['repair', '--new-log', '--json'])
  expect(JSON.parse(again.stdout)).toMatchObject({
    newLog: null,
    report: { healthy: true },
    world: { repaired: [] },
  })
  expect(readFileSync(logFile(repository))).toEqual(log)

  expect(await coppice(repository, ['log', 'fix'])).toMatchObject({
    stdout: expect.stringMatching(
      /task\.recovered {2}active, coppice\/fix; not known: title, base, into, agent\n$/,
    ) as string,
  })
  expect(await coppice(repository, ['merge', 'fix'])).toMatchObject({ code: 2 })
  expect(await coppice(repository, ['merge', 'fix', '--into', 'main'])).toMatchObject({ code: 0 })
  expect(repository.read('work.txt')).toBe('work\n')
  expect(await coppice(repository, ['status', 'fix'])).toMatchObject({ code: 0 })
  expect(task.title).toBe('Fix it')
})

test('a damaged log is repaired where it can be, and given up only when asked for', async () => {
  const repository = makeRepository()
  const task = await coppiceJson<TaskState>(repository, ['new', 'a', '--title', 'A title'])
  await coppice(repository, ['park', 'a'])
  await coppice(repository, ['resume', 'a'])
  const whole = readFileSync(logFile(repository))
  const flipped = Buffer.from(whole)
  flipped[300]! ^= 4
  writeFileSync(logFile(repository), flipped)
  const repaired = await coppice(repository, ['repair', '--new-log', '--json'])
  expect(JSON.parse(repaired.stdout)).toMatchObject({ items: [{ kind: 'correct-byte' }], newLog: null })
  expect(readFileSync(logFile(repository))).toEqual(whole)

  const lost = Buffer.from(whole)
  lost.write('XXXXXX', whole.length - 700, 'latin1')
  writeFileSync(logFile(repository), lost)
  const refused = await coppice(repository, ['repair'])
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('coppice repair --new-log') as string,
  })
  expect(readFileSync(logFile(repository))).toEqual(lost)

  const begun = await coppice(repository, ['repair', '--new-log', '--json'])
  expect(begun.code).toBe(0)
  expect(JSON.parse(begun.stdout)).toMatchObject({
    refused: [{ finding: { kind: 'damaged' } }],
    newLog: {
      dryRun: false,
      isNeeded: true,
      keptAside: join(repository.path, '.git/coppice/lost-log-1'),
      tasks: [
        {
          id: 'a',
          recovered: {
            status: 'active',
            title: 'A title',
            into: 'main',
            base: task.base,
            unknown: ['agent'],
          },
        },
      ],
    },
    world: { failed: [], diagnosis: { healthy: true } },
  })
  const kept = join(repository.path, '.git/coppice/lost-log-1/log/00000001.jsonl')
  expect(readFileSync(kept)).toEqual(lost)
})
