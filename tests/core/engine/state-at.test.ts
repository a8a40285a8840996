import { replay } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK } from '../helpers/requests.js'
import { World } from '../helpers/world/world.js'

async function lived(): Promise<World> {
  const world = new World()
  const { engine } = await world.open()
  await engine.create({ id: 'a' })
  await engine.create({ id: 'b' })
  await engine.command('a', PARK)
  await engine.command('b', mergeRequest())
  return world
}

describe('the state at a position', () => {
  test('is the fold of so many facts, for every position from none to all', async () => {
    const world = await lived()
    const { engine } = await world.open()
    const facts = await world.facts()
    for (let position = 0; position <= facts.length; position++) {
      expect(await engine.stateAt(position)).toEqual(await replay(facts.slice(0, position)))
    }
    expect([...(await engine.stateAt(facts.length)).values()]).toEqual(engine.tasks())
  })

  test.each([-1, 1.5, Number.NaN, 1_000])(
    '%d is refused with the positions that there are',
    async (position) => {
      const world = await lived()
      const { engine } = await world.open()
      const last = engine.position
      await expect(engine.stateAt(position)).rejects.toMatchObject({
        code: 'position-not-found',
        position,
        last,
        hint: `choose a whole number from 0 to ${last}`,
      })
    },
  )
})
