import { assertNothingLost } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK } from '../helpers/requests.js'
import { startAgent, World, type Session } from '../helpers/world/world.js'

async function created(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  return session
}

describe('a live agent', () => {
  test.each([
    ['parked', PARK],
    ['abandoned', ABANDON],
  ] as const)('keeps its task from being %s, and nothing is recorded', async (_, request) => {
    const world = new World()
    const session = await created(world)
    const agent = await startAgent(world, session, 'fix')
    const before = await world.facts()
    const refused = { code: 'agent-running', task: 'fix', pid: agent.pid }
    await expect(session.engine.command('fix', request)).rejects.toMatchObject(refused)
    expect(await world.facts()).toEqual(before)
    world.agents.stop(agent)
    await session.engine.command('fix', request)
    expect(session.engine.find('fix')).toMatchObject({ worktree: 'absent', agent: null })
  })

  test('lets its work be merged, but its worktree stays until it has gone', async () => {
    const world = new World()
    const session = await created(world)
    const { engine, problems } = session
    const agent = await startAgent(world, session, 'fix')
    world.write('fix', 'the fix')
    expect(await engine.command('fix', mergeRequest())).toMatchObject({
      status: 'merged',
      worktree: 'present',
    })
    expect(world.broughtToBase()).toEqual(['the fix'])
    expect(problems).toMatchObject([{ task: 'fix', effect: 'remove', error: { code: 'agent-running' } }])
    world.write('fix', 'something else')
    world.agents.stop(agent)
    const data = { pid: agent.pid, exitCode: 0, signal: null }
    const task = await engine.command('fix', { type: 'agent.report-exited', data })
    expect(task).toMatchObject({ status: 'merged', worktree: 'absent', agent: null })
    expect(() => assertNothingLost(world)).not.toThrow()
  })

  test('is the only one of its task', async () => {
    const world = new World()
    const session = await created(world)
    const { pid } = await startAgent(world, session, 'fix')
    let started = false
    const second = session.engine.startAgent('fix', async () => {
      started = true
      return world.agents.start('another')
    })
    await expect(second).rejects.toMatchObject({ code: 'agent-running', pid })
    expect(started).toBe(false)
  })

  test('is not started where the task has no worktree for it', async () => {
    const world = new World()
    const session = await created(world)
    await session.engine.command('fix', PARK)
    await expect(startAgent(world, session, 'fix')).rejects.toMatchObject({
      code: 'illegal-move',
      command: 'agent.report-started',
      allowed: ['task.resume', 'task.abandon'],
    })
  })

  test('that could not be started is not recorded', async () => {
    const world = new World()
    const { engine } = await created(world)
    const error = new Error('no such command')
    await expect(engine.startAgent('fix', () => Promise.reject(error))).rejects.toBe(error)
    expect(await world.typesOf('fix')).toEqual(['task.requested', 'worktree.created'])
  })
})

describe('an agent that vanished without a word', () => {
  test('is recorded as gone by the next operation on its task', async () => {
    const world = new World()
    const session = await created(world)
    const agent = await startAgent(world, session, 'fix')
    world.agents.stop(agent)
    expect(await session.engine.command('fix', PARK)).toMatchObject({ agent: null, worktree: 'absent' })
    const exited = (await world.facts()).find(({ type }) => type === 'agent.exited')
    expect(exited?.data).toEqual({ pid: agent.pid, exitCode: null, signal: null })
  })

  test('is left to who waits for its end, as long as somebody does', async () => {
    const world = new World()
    const { engine } = await created(world)
    const agent = world.agents.start('an agent')
    const watch = await engine.startAgent('fix', async () => agent)
    world.agents.stop(agent)
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ agent })
    const data = { pid: agent.pid, exitCode: 7, signal: null }
    await engine.command('fix', { type: 'agent.report-exited', data })
    await watch.release()
    expect(
      (await world.facts()).filter(({ type }) => type === 'agent.exited').map((fact) => fact.data),
    ).toEqual([data])
  })

  test('is recorded as gone by recovery', async () => {
    const world = new World()
    const session = await created(world)
    world.agents.stop(await startAgent(world, session, 'fix'))
    const { engine } = await world.open()
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'active', agent: null })
    expect(await world.typesOf('fix')).toContain('agent.exited')
  })

  test('makes way for another', async () => {
    const world = new World()
    const session = await created(world)
    world.agents.stop(await startAgent(world, session, 'fix'))
    const next = await startAgent(world, session, 'fix')
    expect(session.engine.find('fix')).toMatchObject({ agent: next })
  })

  test('is recorded as gone whatever has become of its task', async () => {
    const world = new World()
    const session = await created(world)
    const agent = await startAgent(world, session, 'fix')
    world.agents.stop(agent)
    // A process that crashed between its facts and what they owe leaves histories like this one.
    for (const type of ['worktree.lost', 'task.parked', 'task.resumed'] as const) {
      const data = type === 'task.parked' ? { reason: null } : {}
      await world.log.append('task/fix', [{ type, at: world.clock.now(), data } as never], 'any')
    }
    const { engine, problems } = await world.open()
    expect(engine.find('fix')).toMatchObject({ status: 'creating', agent })
    await engine.recover()
    expect(problems).toEqual([])
    expect(engine.find('fix')).toMatchObject({ status: 'active', agent: null })
  })
})
