import { CREATION_BACKOFF_MS, MAX_CREATION_ATTEMPTS, MAX_TITLE_LENGTH } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { World } from '../helpers/world/world.js'

const failure = { code: 'busy', message: 'git was busy' }

describe('creating a task', () => {
  test('makes branch and worktree, and resolves when they are there', async () => {
    const world = new World()
    const { engine } = await world.open()
    const task = await engine.create({ id: 'fix', title: 'Fix the login' })
    expect(task).toMatchObject({ id: 'fix', status: 'active', worktree: 'present', title: 'Fix the login' })
    expect(engine.find('fix')).toBe(task)
    expect(engine.tasks()).toEqual([task])
    expect(world.standing()).toEqual({ worktrees: [task.path], branches: ['fix'] })
    expect(await world.typesOf('fix')).toEqual(['task.requested', 'worktree.created'])
  })

  test.each([
    { what: 'an id', request: { id: '../fix' }, code: 'invalid-task-id' },
    {
      what: 'a title',
      request: { id: 'fix', title: 'x'.repeat(MAX_TITLE_LENGTH + 1) },
      code: 'invalid-text',
    },
  ])('refuses $what that is against the rules and records nothing', async ({ request, code }) => {
    const world = new World()
    const { engine } = await world.open()
    await expect(engine.create(request)).rejects.toMatchObject({ code })
    expect(await world.facts()).toEqual([])
  })

  test('takes a title of the greatest length', async () => {
    const { engine } = await new World().open()
    const title = 'x'.repeat(MAX_TITLE_LENGTH)
    expect(await engine.create({ id: 'fix', title })).toMatchObject({ title })
  })

  test('refuses an id that was ever used, and says what became of it', async () => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    await engine.command('fix', { type: 'task.abandon', data: { reason: null } })
    const refused = { code: 'task-exists', task: 'fix', status: 'abandoned' }
    await expect(engine.create({ id: 'fix' })).rejects.toMatchObject(refused)
  })

  test('makes one task where two ask for the same id at once', async () => {
    const world = new World()
    const [one, other] = [await world.open(), await world.open()]
    const results = await Promise.allSettled(
      [one, other].map(async ({ engine }) => engine.create({ id: 'fix' })),
    )
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    expect(refusals).toEqual([expect.objectContaining({ code: 'task-exists' })])
    expect(world.trace.filter((line) => line === 'begin create fix')).toHaveLength(1)
  })
})

describe('a creation that fails', () => {
  test('is tried again, after a pause that doubles', async () => {
    const world = new World()
    const { engine } = await world.open()
    world.script.answer('create', { kind: 'creation-failed', failure, retryable: true }, 3)
    const task = await engine.create({ id: 'fix' })
    expect(task).toMatchObject({ status: 'active', attempts: 0, failure: null })
    expect(world.slept).toEqual([1, 2, 4].map((factor) => factor * CREATION_BACKOFF_MS))
  })

  test('fails the task after the last attempt, with the reason', async () => {
    const world = new World()
    const { engine } = await world.open()
    world.script.answer(
      'create',
      { kind: 'creation-failed', failure, retryable: true },
      MAX_CREATION_ATTEMPTS,
    )
    await expect(engine.create({ id: 'fix' })).rejects.toMatchObject({
      code: 'creation-failed',
      task: 'fix',
      reason: failure,
      attempts: MAX_CREATION_ATTEMPTS,
      hint: expect.stringContaining('coppice resume fix') as string,
    })
    expect(engine.find('fix')).toMatchObject({ status: 'failed', failure })
    expect(world.slept).toHaveLength(MAX_CREATION_ATTEMPTS - 1)
  })

  test('fails the task at once where another attempt is no use', async () => {
    const world = new World()
    const { engine } = await world.open()
    world.script.answer('create', { kind: 'creation-failed', failure, retryable: false })
    await expect(engine.create({ id: 'fix' })).rejects.toMatchObject({ code: 'creation-failed', attempts: 1 })
    expect(world.slept).toEqual([])
  })

  test('can be made good by resuming the task', async () => {
    const world = new World()
    const { engine } = await world.open()
    world.script.answer('create', { kind: 'creation-failed', failure, retryable: false })
    await engine.create({ id: 'fix' }).catch(() => undefined)
    const task = await engine.command('fix', { type: 'task.resume', data: {} })
    expect(task).toMatchObject({ status: 'active', failure: null })
  })

  test('for a reason that nobody foresaw leaves it owed, and recovery does it', async () => {
    const world = new World()
    const { engine } = await world.open()
    const bug = new Error('a bug')
    world.script.fail('create', bug)
    await expect(engine.create({ id: 'fix' })).rejects.toBe(bug)
    expect(engine.find('fix')).toMatchObject({ status: 'creating' })
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'active' })
  })
})
