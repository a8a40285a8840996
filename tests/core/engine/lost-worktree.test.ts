import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

/** A task whose worktree somebody deleted after its content was pinned. */
async function bereft(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  world.write('fix', 'the fix')
  await session.engine.checkpoint('fix', undefined)
  world.deleteWorktree('fix')
  return session
}

describe('a worktree that is gone', () => {
  test('is found and rebuilt by recovery, with the content of the newest checkpoint', async () => {
    const world = new World()
    const { engine } = await bereft(world)
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
    expect(world.contentOf('fix')).toBe('the fix')
    expect((await world.typesOf('fix')).slice(-2)).toEqual(['worktree.lost', 'worktree.rebuilt'])
  })

  test('is found and rebuilt by the next operation on its task', async () => {
    const world = new World()
    const { engine } = await bereft(world)
    expect(await engine.checkpoint('fix', undefined)).toMatchObject({
      number: 1,
      tree: world.treeWith('fix', 'the fix'),
    })
    expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
  })

  test('is rebuilt before a merge, and its work lands', async () => {
    const world = new World()
    const { engine } = await bereft(world)
    expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(world.broughtToBase()).toEqual(['the fix'])
  })

  test.each(['prepare', 'checkpoint'] as const)('is rebuilt when only %s finds it gone', async (act) => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    world.script.next(act, async (proceed) => {
      world.deleteWorktree('fix')
      return proceed()
    })
    if (act === 'prepare') await engine.command('fix', mergeRequest())
    else await engine.checkpoint('fix', undefined)
    const types = await world.typesOf('fix')
    expect(types.slice(types.indexOf('worktree.lost'))).toContain('worktree.rebuilt')
    expect(engine.find('fix')?.status).toBe(act === 'prepare' ? 'merged' : 'active')
  })

  test('stays lost while it cannot be rebuilt, which fails the operation that needs it', async () => {
    const world = new World()
    const { engine, problems } = await bereft(world)
    const reason = { code: 'path-taken', message: 'something else is at its path' }
    world.script.answer('rebuild', { kind: 'deferred', failure: reason }, 2)
    const deferred = { code: 'effect-deferred', effect: 'rebuild', reason }
    await expect(engine.checkpoint('fix', undefined)).rejects.toMatchObject(deferred)
    await engine.recover()
    expect(problems).toMatchObject([{ task: 'fix', effect: 'rebuild', error: deferred }])
    expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'lost' })
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ worktree: 'present' })
  })

  test('never keeps a task merging for ever: where it cannot be rebuilt, the merge goes back', async () => {
    const world = new World()
    const { engine } = await bereft(world)
    const reason = { code: 'worktree-broken', message: 'something else is there' }
    world.script.answer('rebuild', { kind: 'deferred', failure: reason }, 3)
    await expect(engine.command('fix', mergeRequest())).rejects.toMatchObject({ code: 'effect-deferred' })
    expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'error' } })
    expect(await engine.command('fix', ABANDON)).toMatchObject({ status: 'abandoned' })
  })
})
