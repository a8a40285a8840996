import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedFact, TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { COPPICE, coppice, coppiceJson, errorOf } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'

test('an agent that succeeds is merged; stdout is the agent’s alone', async () => {
  const repository = makeRepository()
  const agent = 'echo my own words; echo more > more.txt'
  const { code, stdout, stderr } = await coppice(repository, ['run', 'a', '--', 'sh', '-c', agent])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'my own words\n' })
  expect(stderr).toContain('landed on main')
  expect(repository.read('more.txt')).toBe('more\n')
})

test('the agent reads what coppice was given on stdin', async () => {
  const repository = makeRepository()
  const args = ['run', 'a', '--', 'sh', '-c', 'cat > prompt.txt']
  expect(await coppice(repository, args, { input: 'please fix it\n' })).toMatchObject({ code: 0 })
  expect(repository.read('prompt.txt')).toBe('please fix it\n')
})

test('the agent is told its task, and no variable binds it to another repository', async () => {
  const repository = makeRepository()
  const args = ['run', 'a', '--keep', '--', 'sh', '-c', 'pwd; env']
  const env = {
    GIT_DIR: join(repository.path, '.git'),
    GIT_WORK_TREE: repository.path,
    GIT_AUTHOR_NAME: 'Ann',
  }
  const { stdout } = await coppice(repository, args, { env })
  const lines = stdout.split('\n')
  const path = join(repository.scratch, 'repo.worktrees', 'a')
  expect(lines[0]).toBe(path)
  expect(lines).toEqual(
    expect.arrayContaining(['COPPICE_TASK=a', `COPPICE_PATH=${path}`, 'GIT_AUTHOR_NAME=Ann']),
  )
  expect(lines.filter((line) => /^GIT_(DIR|WORK_TREE)=/.test(line))).toEqual([])
})

test('an agent that fails leaves a parked task with its work pinned, and coppice ends with 1', async () => {
  const repository = makeRepository()
  const base = repository.git('rev-parse', 'main')
  const agent = ['sh', '-c', 'echo half > half.txt; exit 42']
  const { code, stderr } = await coppice(repository, ['run', 'a', '--', ...agent])
  expect(code).toBe(1)
  expect(stderr).toContain('exit code 42')
  const task = await coppiceJson<TaskState>(repository, ['status', 'a'])
  expect(task).toMatchObject({ status: 'parked', worktree: 'absent', agent: null })
  expect(repository.git('show', `${task.checkpoint!.tree}:half.txt`)).toBe('half')
  expect(repository.git('rev-parse', 'main')).toBe(base)
})

test('--keep pins the work and merges nothing', async () => {
  const repository = makeRepository()
  const { code } = await coppice(repository, ['run', 'a', '--keep', '--', 'sh', '-c', 'echo more > more.txt'])
  expect(code).toBe(0)
  const task = await coppiceJson<TaskState>(repository, ['status', 'a'])
  expect(task).toMatchObject({ status: 'active', worktree: 'present' })
  expect(repository.git('show', `${task.checkpoint!.tree}:more.txt`)).toBe('more')
  expect(existsSync(join(repository.path, 'more.txt'))).toBe(false)
})

test('--json ends stdout with the outcome', async () => {
  const repository = makeRepository()
  const merged = await coppice(repository, [
    'run',
    'a',
    '--json',
    '--',
    'sh',
    '-c',
    'echo hi; echo x > x.txt',
  ])
  const lines = merged.stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toBe('hi')
  expect(JSON.parse(lines[1]!)).toMatchObject({
    task: { id: 'a', status: 'merged' },
    agent: { exitCode: 0, signal: null },
    outcome: { status: 'merged', into: 'main', commit: repository.git('rev-parse', 'main') },
  })
  const failed = await coppice(repository, ['run', 'b', '--json', '--', 'false'])
  expect(failed).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(failed.stdout)).toMatchObject({ agent: { exitCode: 1 }, outcome: { status: 'parked' } })
})

test('a conflict ends with 4 and a verification that fails with 5; the task goes on', async () => {
  const repository = makeRepository()
  const conflicting =
    'echo agent > src/greeting.txt; cd "$MAIN"; echo user > src/greeting.txt; git commit -qam user'
  const env = { MAIN: repository.path }
  const conflict = await coppice(repository, ['run', 'a', '--', 'sh', '-c', conflicting], { env })
  expect(conflict.code).toBe(4)
  expect(conflict.stderr).toContain('src/greeting.txt')
  const rejected = await coppice(repository, [
    'run',
    'b',
    '--verify',
    'exit 9',
    '--',
    'sh',
    '-c',
    'echo b > b.txt',
  ])
  expect(rejected.code).toBe(5)
  const tasks = await coppiceJson<TaskState[]>(repository, ['list'])
  expect(tasks.map(({ status }) => status)).toEqual(['active', 'active'])
})

test('a program that does not exist is a clear error, and the task is parked', async () => {
  const repository = makeRepository()
  const ended = await coppice(repository, ['run', 'a', '--json', '--', 'no-such-agent', '--fast'])
  expect(ended.code).toBe(1)
  expect(errorOf(ended)).toMatchObject({ code: 'agent-not-started', errno: 'ENOENT', task: 'a' })
  expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({
    status: 'parked',
    worktree: 'absent',
  })
  const script = join(repository.scratch, 'not-executable')
  writeFileSync(script, 'echo\n')
  const refused = await coppice(repository, ['run', 'b', '--', script])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('is not executable')
})

test('an agent may merge its own task; that is the outcome then', async () => {
  const repository = makeRepository()
  const agent = `echo mine > mine.txt; "$NODE" "$COPPICE" merge "$COPPICE_TASK"`
  const env = { NODE: process.execPath, COPPICE }
  const { code, stdout } = await coppice(repository, ['run', 'a', '--json', '--', 'sh', '-c', agent], { env })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ outcome: { status: 'merged' }, task: { worktree: 'absent' } })
  expect(repository.read('mine.txt')).toBe('mine\n')
})

test('nothing takes the worktree away from under a live agent', async () => {
  const repository = makeRepository()
  const agent = `"$NODE" "$COPPICE" park "$COPPICE_TASK"; echo "park ended with $?"`
  const env = { NODE: process.execPath, COPPICE }
  const { stdout, stderr } = await coppice(repository, ['run', 'a', '--keep', '--', 'sh', '-c', agent], {
    env,
  })
  expect(stdout).toBe('park ended with 6\n')
  expect(stderr).toMatch(/an agent \(process \d+\) is still running/)
})

test('the start and the end of the agent are in the log', async () => {
  const repository = makeRepository()
  await coppice(repository, ['run', 'a', '--keep', '--', 'sh', '-c', 'echo $$ > pid; exit 0'])
  const { stdout } = await coppice(repository, ['log', 'a', '--json'])
  const facts = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedFact)
  const { path } = await coppiceJson<TaskState>(repository, ['status', 'a'])
  const pid = Number(readFileSync(join(path, 'pid'), 'utf8'))
  expect(facts.filter(({ type }) => type.startsWith('agent.'))).toMatchObject([
    { type: 'agent.started', data: { pid, command: ['sh', '-c', 'echo $$ > pid; exit 0'] } },
    { type: 'agent.exited', data: { pid, exitCode: 0, signal: null } },
  ])
})

test('an id that is taken is refused before anything runs', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  expect(await coppice(repository, ['run', 'a', '--', 'echo', 'ran'])).toMatchObject({ code: 6, stdout: '' })
})
