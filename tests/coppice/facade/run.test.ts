import { spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice, type AgentExit, type RunOptions } from 'coppice'
import { expect, test } from 'vitest'
import { readProcessStart } from '../../../packages/coppice/src/system/process-start.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository } from '../../helpers/repository.js'

/** As it is built, for a process of its own. */
const START_AGENT = new URL('../../../packages/coppice/dist/agent/start-agent.js', import.meta.url).href

test('an agent runs in the worktree, and its output can be read', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  let output = ''
  const exit = await task.run(['sh', '-c', 'pwd; exit 3'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    onStart: (child) => child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8'))),
  })
  expect(exit).toEqual({ exitCode: 3, signal: null })
  expect(output).toBe(`${task.path}\n`)
})

test('while an agent runs nothing takes its worktree away, and no second agent starts', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  const children: ChildProcess[] = []
  const exit = task.run(['cat'], {
    stdio: ['pipe', 'ignore', 'inherit'],
    onStart: (child) => children.push(child),
  })
  await eventually(() => task.state.agent !== null)
  expect(task.state.agent).toMatchObject({ command: ['cat'] })
  const refusal = { code: 'agent-running', task: 'a', pid: task.state.agent!.pid }
  await expect(task.park()).rejects.toMatchObject(refusal)
  await expect(task.abandon()).rejects.toMatchObject(refusal)
  await expect(task.run(['true'])).rejects.toMatchObject(refusal)
  children[0]!.stdin!.end()
  expect(await exit).toEqual({ exitCode: 0, signal: null })
  expect(task.state.agent).toBeNull()
  await task.park()
  await expect(task.run(['true'])).rejects.toMatchObject({ code: 'illegal-move', status: 'parked' })
})

test('an agent that ends at once is recorded like any other', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const tasks = await Promise.all(['a', 'b', 'c', 'd'].map((id) => coppice.create({ id })))
  const exits = await Promise.all(tasks.map((task) => task.run(['true'])))
  expect(exits).toEqual(tasks.map((): AgentExit => ({ exitCode: 0, signal: null })))
  expect(tasks.map(({ state }) => state.agent)).toEqual([null, null, null, null])
  const types: string[] = []
  for await (const { type } of coppice.events()) types.push(type)
  expect(types.filter((type) => type === 'agent.started')).toHaveLength(4)
  expect(types.filter((type) => type === 'agent.exited')).toHaveLength(4)
})

test('an abort ends the agent, and its end is recorded before run rejects', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  const controller = new AbortController()
  const reason = new Error('enough')
  const exit = task.run(['sleep', '60'], {
    signal: controller.signal,
    onStart: () => controller.abort(reason),
  })
  await expect(exit).rejects.toBe(reason)
  expect(task.state.agent).toBeNull()
})

test('a program that cannot be started leaves no trace of an agent', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  const { position } = coppice
  await expect(task.run(['no-such-program'])).rejects.toMatchObject({
    code: 'agent-not-started',
    errno: 'ENOENT',
    command: ['no-such-program'],
  })
  await expect(task.run(['true', 'x'.repeat(2 ** 22)])).rejects.toMatchObject({ errno: 'E2BIG' })
  await expect(task.run(['true', 'nul \0 byte'])).rejects.toMatchObject({ code: 'agent-not-started' })
  expect(coppice.position).toBe(position)
})

test('an agent whose start could not be recorded never runs', async () => {
  const repository = makeRepository()
  const coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  await coppice.close()
  const file = join(repository.scratch, 'ran')
  await expect(task.run(['touch', file])).rejects.toMatchObject({ code: 'log-closed' })
  expect(existsSync(file)).toBe(false)
})

test('an agent whose engine is killed before its start is recorded never runs', async () => {
  const repository = makeRepository()
  const coppice = await openCoppice({ repo: repository.path })
  const { state } = await coppice.create({ id: 'a' })
  await coppice.close()
  const file = join(repository.scratch, 'ran')
  const program = `
    import { startAgent } from ${JSON.stringify(START_AGENT)}
    const { agent } = await startAgent(${JSON.stringify(state)}, ['touch', ${JSON.stringify(file)}], 'ignore')
    process.stdout.write(String(agent.pid))
    process.kill(process.pid, 'SIGKILL')
  `
  const killed = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: expect.stringMatching(/^\d+$/) })
  await eventually(() => readProcessStart(Number(killed.stdout))?.zombie ?? true)
  expect(existsSync(file)).toBe(false)
})

test('an agent whose caller cannot deal with it never runs, and is recorded as ended', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  const file = join(repository.scratch, 'ran')
  const onStart = (): never => {
    throw new Error('no place for its output')
  }
  await expect(task.run(['touch', file], { onStart })).rejects.toThrow('no place for its output')
  expect(existsSync(file)).toBe(false)
  expect(task.state.agent).toBeNull()
})

test('the streams of an agent are those that were asked for', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  const read = async (script: string, stdio: RunOptions['stdio'], stream: number): Promise<string> => {
    let text = ''
    const onStart = (child: ChildProcess): void => {
      child.stdio[stream]?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    }
    await task.run(['sh', '-c', script], { ...(stdio === undefined ? {} : { stdio }), onStart })
    return text
  }
  expect(await read('echo out', 'pipe', 1)).toBe('out\n')
  expect(await read('echo error >&2', ['ignore'], 2)).toBe('error\n')
  expect(await read('echo more >&3', ['ignore', 'ignore', 'ignore', 'pipe'], 3)).toBe('more\n')
  // The pipe that held the agent back is none of its business.
  expect(await read('(: >&3) 2>/dev/null || echo closed', ['ignore', 'pipe', 'inherit'], 1)).toBe('closed\n')
})
