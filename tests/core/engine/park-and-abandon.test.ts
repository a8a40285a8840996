import { assertNothingLost } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

async function edited(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  world.write('fix', 'half of the fix')
  return session
}

describe('a parked task', () => {
  test('gives its worktree back with its work pinned, and keeps its branch', async () => {
    const world = new World()
    const { engine } = await edited(world)
    const task = await engine.command('fix', PARK)
    expect(task).toMatchObject({
      status: 'parked',
      worktree: 'absent',
      checkpoint: { tree: world.treeWith('fix', 'half of the fix') },
    })
    expect(world.standing()).toEqual({ worktrees: [], branches: ['fix'] })
  })

  test('resumes with the content that it was parked with', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', PARK)
    expect(await engine.command('fix', RESUME)).toMatchObject({ status: 'active', worktree: 'present' })
    expect(world.contentOf('fix')).toBe('half of the fix')
  })

  test('leaves no branch behind when it is abandoned', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', PARK)
    expect(await engine.command('fix', ABANDON)).toMatchObject({ status: 'abandoned', worktree: 'absent' })
    expect(world.standing()).toEqual({ worktrees: [], branches: [] })
    expect(() => assertNothingLost(world)).not.toThrow()
  })
})

describe('an abandoned task', () => {
  test('leaves neither worktree nor branch, but its work pinned', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', ABANDON)
    expect(world.standing()).toEqual({ worktrees: [], branches: [] })
    expect(() => assertNothingLost(world)).not.toThrow()
  })

  test('is restored with the content that it was abandoned with', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', ABANDON)
    expect(await engine.command('fix', RESTORE)).toMatchObject({ status: 'active', worktree: 'present' })
    expect(world.contentOf('fix')).toBe('half of the fix')
  })
})

describe('a removal that is not safe yet', () => {
  const reason = { code: 'busy', message: 'a file is in use' }

  test('does not fail the command; it is told as a problem and stays owed', async () => {
    const world = new World()
    const { engine, problems } = await edited(world)
    world.script.answer('remove', { kind: 'deferred', failure: reason })
    expect(await engine.command('fix', PARK)).toMatchObject({ status: 'parked', worktree: 'present' })
    expect(problems).toEqual([
      {
        task: 'fix',
        effect: 'remove',
        error: expect.objectContaining({ code: 'effect-deferred', reason }) as Error,
      },
    ])
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'parked', worktree: 'absent' })
  })

  test('does not fail the command when it throws either', async () => {
    const world = new World()
    const { engine, problems } = await edited(world)
    const bug = new Error('a bug')
    world.script.fail('remove', bug)
    expect(await engine.command('fix', mergeRequest())).toMatchObject({
      status: 'merged',
      worktree: 'present',
    })
    expect(problems).toEqual([{ task: 'fix', effect: 'remove', error: bug }])
  })

  test('lets the task go on in its worktree as it stands when it comes back', async () => {
    const world = new World()
    const { engine } = await edited(world)
    world.script.answer('remove', { kind: 'deferred', failure: reason })
    await engine.command('fix', PARK)
    world.write('fix', 'the other half')
    expect(await engine.command('fix', RESUME)).toMatchObject({ status: 'active', worktree: 'present' })
    expect(world.contentOf('fix')).toBe('the other half')
    expect(world.trace.filter((line) => line === 'begin create fix')).toHaveLength(1)
  })
})

describe('a command that the lifecycle refuses', () => {
  test('changes nothing and says what is possible instead', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', PARK)
    const before = await world.facts()
    await expect(engine.command('fix', mergeRequest())).rejects.toMatchObject({
      code: 'illegal-move',
      task: 'fix',
      status: 'parked',
      command: 'task.merge',
      allowed: ['task.resume', 'task.abandon'],
      message: 'task "fix" is parked: merge is not possible now',
      hint: 'possible now: resume, abandon',
    })
    expect(await world.facts()).toEqual(before)
  })

  test('says so where nothing more is possible', async () => {
    const world = new World()
    const { engine } = await edited(world)
    await engine.command('fix', mergeRequest())
    await expect(engine.command('fix', PARK)).rejects.toMatchObject({
      allowed: [],
      hint: 'nothing more can be done with a task that is merged',
    })
  })

  test('is another thing than a task that does not exist', async () => {
    const { engine } = await new World().open()
    await expect(engine.command('fix', PARK)).rejects.toMatchObject({ code: 'task-not-found', task: 'fix' })
    await expect(engine.command('../fix', PARK)).rejects.toMatchObject({ code: 'invalid-task-id' })
  })
})
