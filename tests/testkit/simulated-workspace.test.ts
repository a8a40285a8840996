import { Engine, type CommandData, type Request } from '@coppice/core'
import { listOf, SimulatedWorld, type SimulatedWorldOptions, type Verification } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'

const merge = (wish: Partial<CommandData['task.merge']> = {}): Request => ({
  type: 'task.merge',
  data: { strategy: 'merge', into: 'main', verify: null, message: null, ...wish },
})

async function open(options: SimulatedWorldOptions = {}): Promise<{ world: SimulatedWorld; engine: Engine }> {
  const world = new SimulatedWorld(options)
  return { world, engine: await Engine.open(world.start().ports) }
}

async function edited(
  options: SimulatedWorldOptions = {},
): Promise<{ world: SimulatedWorld; engine: Engine }> {
  const opened = await open(options)
  const { path } = await opened.engine.create({ id: 'fix' })
  opened.world.at(path).write('u', 'x')
  return opened
}

describe('a task cannot be made', () => {
  test('in a repository without a commit', async () => {
    const { engine } = await open({ files: null })
    await expect(engine.create({ id: 'fix' })).rejects.toMatchObject({ code: 'empty-repository' })
  })

  test('with a branch that no git would have', async () => {
    const { engine } = await open({ branchPrefix: 'no branch/' })
    await expect(engine.create({ id: 'fix' })).rejects.toMatchObject({ code: 'branch-prefix-invalid' })
  })
})

test('a world is laid out as it is told', async () => {
  const { engine } = await open({
    worktreesDir: '/trees',
    branchPrefix: 'agent-',
    branch: 'trunk',
    commonDir: '/r/.git',
  })
  expect(await engine.create({ id: 'fix' })).toMatchObject({
    path: '/trees/fix',
    branch: 'agent-fix',
    into: 'trunk',
    gitDir: '/r/.git/worktrees/fix+coppice',
  })
})

test('a verifier is shown exactly what is to land', async () => {
  const seen: Verification[] = []
  const verifier = (verification: Verification): { exitCode: number } => {
    seen.push(verification)
    return { exitCode: 0 }
  }
  const { world, engine } = await edited({ verifier })
  world.user.commit('main', { other: 'x' })
  const { landing } = await engine.command('fix', merge({ verify: ['npm', 'test'] }))
  expect(seen).toMatchObject([{ task: 'fix', command: ['npm', 'test'], commit: landing?.commit }])
  expect(Object.keys(listOf(seen[0]!.files))).toEqual(['README.md', 'other', 'u'])
})

test.each([
  [
    { exitCode: 3, output: 'no' },
    { exitCode: 3, output: 'no' },
  ],
  [{ exitCode: null }, { exitCode: null, output: '' }],
])('a verification that comes to %j brings the task back', async (result, setback) => {
  const { engine } = await edited({ verifier: () => result })
  const task = await engine.command('fix', merge({ verify: ['check'] }))
  expect(task).toMatchObject({ status: 'active', setback: { reason: 'verification-failed', ...setback } })
})

test('a merge by nobody is refused', async () => {
  const { world, engine } = await edited()
  world.repository.identity = null
  expect(await engine.command('fix', merge())).toMatchObject({ setback: { reason: 'no-identity' } })
  expect(() => world.user.commit('main', { x: 'x' })).toThrow('nobody')
})

test('a merge into a branch that has nothing in common with the task fails, and the task goes on', async () => {
  const { world, engine } = await edited()
  world.user.commit('orphan', { x: 'x' })
  await expect(engine.command('fix', merge({ into: 'orphan' }))).rejects.toThrow('unrelated')
  expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'error' } })
})

test('a merge that is cancelled while it is verified goes back to the agent', async () => {
  const abort = new AbortController()
  const { engine } = await edited({
    verifier: () => {
      abort.abort(new Error('enough'))
      return { exitCode: 0 }
    },
  })
  await expect(engine.command('fix', merge({ verify: ['check'] }), abort.signal)).rejects.toThrow('enough')
  expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'cancelled' } })
  expect((await engine.diagnose()).drifts).toEqual([])
})

test('two processes on one world work on different tasks at the same time, and see each other’s facts', async () => {
  const world = new SimulatedWorld()
  const engines = await Promise.all([1, 2].map(() => Engine.open(world.start().ports)))
  await Promise.all(engines.map((engine, index) => engine.create({ id: `fix-${index}` })))
  await Promise.all(engines.map((engine, index) => engine.command(`fix-${1 - index}`, merge())))
  await Promise.all(engines.map((engine) => engine.refresh()))
  expect(
    engines.map((engine) =>
      engine
        .tasks()
        .map(({ id, status }) => `${id} ${status}`)
        .toSorted(),
    ),
  ).toEqual([
    ['fix-0 merged', 'fix-1 merged'],
    ['fix-0 merged', 'fix-1 merged'],
  ])
})

test('an agent that runs keeps its worktree until it ends', async () => {
  const { world, engine } = await edited()
  const agent = world.agents.start('an agent')
  await (await engine.startAgent('fix', async () => agent)).release()
  await expect(engine.command('fix', { type: 'task.abandon', data: { reason: null } })).rejects.toMatchObject(
    {
      code: 'agent-running',
    },
  )
  world.agents.stop(agent)
  await engine.command('fix', { type: 'task.abandon', data: { reason: null } })
  expect(engine.find('fix')).toMatchObject({ status: 'abandoned', worktree: 'absent', agent: null })
})
