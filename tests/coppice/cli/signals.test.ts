import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedFact, TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, startCoppice } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** An agent that says when it is ready, and what signal ended it. */
const LISTENING = `
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(name, () => { console.log('got ' + name); process.exit(3) })
  }
  setInterval(() => {}, 1000)
  console.log('ready')
`

async function facts(repository: TestRepository): Promise<RecordedFact[]> {
  const { stdout } = await coppice(repository, ['log', '--json'])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedFact)
}

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s to run reaches the agent, whose end is then recorded',
  async (name) => {
    const repository = makeRepository()
    const { child, ended, printed } = startCoppice(repository, [
      'run',
      'a',
      '--',
      process.execPath,
      '-e',
      LISTENING,
    ])
    await printed('ready')
    child.kill(name)
    expect(await ended).toMatchObject({ code: 1, stdout: `ready\ngot ${name}\n` })
    expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({ status: 'parked', agent: null })
    expect((await facts(repository)).find(({ type }) => type === 'agent.exited')).toMatchObject({
      data: { exitCode: 3, signal: null },
    })
  },
)

test('an interrupt from the terminal is the agent’s; coppice waits for what it does with it', async () => {
  const repository = makeRepository()
  const waiting = `process.on('SIGINT', () => {}); process.stdin.on('data', () => process.exit(0)); console.log('ready')`
  const run = startCoppice(repository, ['run', 'a', '--', process.execPath, '-e', waiting])
  await run.printed('ready')
  run.child.kill('SIGINT')
  run.child.stdin.write('go on\n')
  expect(await run.ended).toMatchObject({ code: 0 })
})

test('exec hands signals on and passes the exit code through', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const { child, ended, printed } = startCoppice(repository, [
    'exec',
    'a',
    '--',
    process.execPath,
    '-e',
    LISTENING,
  ])
  await printed('ready')
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 3, stdout: 'ready\ngot SIGTERM\n' })
})

test('exec of a command that a signal ended exits as a shell would', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  expect((await coppice(repository, ['exec', 'a', '--', 'sh', '-c', 'exit 17'])).code).toBe(17)
  expect((await coppice(repository, ['exec', 'a', '--', 'sh', '-c', 'kill -KILL $$'])).code).toBe(128 + 9)
})

test('a killed coppice leaves its agent alive; once that has ended, the next command records it', async () => {
  const repository = makeRepository()
  const file = join(repository.scratch, 'enough')
  const agent = `echo ready > note.txt; echo ready; until [ -e '${file}' ]; do sleep 0.05; done`
  const { child, ended, printed } = startCoppice(repository, ['run', 'a', '--', 'sh', '-c', agent])
  await printed('ready')
  child.kill('SIGKILL')
  const { agent: recorded, path } = await coppiceJson<TaskState>(repository, ['status', 'a'])
  const pid = recorded!.pid
  expect(() => process.kill(pid, 0)).not.toThrow()
  const refused = { code: 6, stderr: expect.stringContaining(`process ${pid}`) }
  expect(await coppice(repository, ['park', 'a'])).toMatchObject(refused)
  expect(existsSync(path)).toBe(true)

  writeFileSync(file, '')
  await ended
  await eventually(() => !existsSync(join('/proc', String(pid))))
  expect(await coppice(repository, ['park', 'a', '--quiet'])).toMatchObject({ code: 0, stderr: '' })
  expect((await facts(repository)).map(({ type }) => type)).toEqual([
    'task.requested',
    'worktree.created',
    'agent.started',
    'agent.exited',
    'task.parked',
    'checkpoint.taken',
    'worktree.removed',
  ])
})

test('an interrupted merge lands nothing and leaves the task active', async () => {
  const repository = makeRepository()
  const base = repository.git('rev-parse', 'main')
  await coppice(repository, ['new', 'a'])
  await coppice(repository, ['exec', 'a', '--', 'sh', '-c', 'echo x > x.txt'])
  const started = join(repository.scratch, 'started')
  const verify = `touch ${started}; sleep 60`
  const { child, ended } = startCoppice(repository, ['merge', 'a', '--verify', verify, '--json'])
  await eventually(() => existsSync(started))
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(code).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'interrupted', signal: 'SIGINT' } })
  expect(repository.git('rev-parse', 'main')).toBe(base)
  expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({
    status: 'active',
    setback: { kind: 'rejected', reason: 'cancelled' },
  })
})

test('an interrupted creation ends cleanly and can be resumed', async () => {
  const repository = makeRepository()
  const started = join(repository.scratch, 'started')
  repository.git('config', 'coppice.setup', `touch ${started}; sleep 60`)
  const { child, ended } = startCoppice(repository, ['new', 'a'])
  await eventually(() => existsSync(started))
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 1, stdout: '' })
  expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({
    status: 'failed',
    failure: { code: 'cancelled' },
  })
  repository.git('config', '--unset', 'coppice.setup')
  expect((await coppice(repository, ['resume', 'a'])).code).toBe(0)
})
