import { MAX_PINS_PER_EFFECT } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK } from '../helpers/requests.js'
import type { Act } from '../helpers/world/script.js'
import { World, type Session } from '../helpers/world/world.js'

/** Something writes into the worktree every time that it is looked at, so often. */
function restless(world: World, act: Act, times: number): void {
  for (let count = 1; count <= times; count++) {
    world.script.next(act, async (proceed) => {
      world.write('fix', `${act} ${count}`)
      return proceed()
    })
  }
}

async function created(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  return session
}

describe('a worktree that never rests', () => {
  test('is merged as long as it rests after the last pin that is allowed', async () => {
    const world = new World()
    const { engine } = await created(world)
    restless(world, 'prepare', MAX_PINS_PER_EFFECT - 1)
    restless(world, 'remove', MAX_PINS_PER_EFFECT - 1)
    expect(await engine.command('fix', mergeRequest())).toMatchObject({
      status: 'merged',
      worktree: 'absent',
    })
  })

  test('sends its merge back after that many pins, and every one of them is recorded', async () => {
    const world = new World()
    const { engine } = await created(world)
    restless(world, 'prepare', MAX_PINS_PER_EFFECT + 1)
    await expect(engine.command('fix', mergeRequest())).rejects.toMatchObject({
      code: 'worktree-restless',
      task: 'fix',
      seen: { pins: MAX_PINS_PER_EFFECT },
    })
    expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'error' } })
    const pins = (await world.typesOf('fix')).filter((type) => type === 'checkpoint.taken')
    expect(pins).toHaveLength(MAX_PINS_PER_EFFECT)
    expect(world.pinsOf('fix')).toHaveLength(MAX_PINS_PER_EFFECT)
  })

  test('is not taken away; the removal stays owed', async () => {
    const world = new World()
    const { engine, problems } = await created(world)
    restless(world, 'remove', MAX_PINS_PER_EFFECT + 1)
    expect(await engine.command('fix', PARK)).toMatchObject({ status: 'parked', worktree: 'present' })
    expect(problems).toMatchObject([{ effect: 'remove', error: { code: 'worktree-restless' } }])
    expect(world.standing().worktrees).toHaveLength(1)
  })
})
