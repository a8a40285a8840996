import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESUME } from '../helpers/requests.js'
import { Meeting } from '../helpers/world/meeting.js'
import { World } from '../helpers/world/world.js'

/** A trace as it reads best: several entries a line. */
function lines(text: string): string[] {
  return text.trim().split(/\s*[,\n]\s*/)
}

describe('intent, effect, outcome', () => {
  test('follow each other in this order, and each fact is told once it is durable', async () => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    world.write('fix', 'the fix')
    await engine.command('fix', mergeRequest({ verify: ['npm', 'test'] }))
    expect(world.trace).toEqual(
      lines(`
        durable task.requested fix, told task.requested fix, begin create fix, end create fix
        durable worktree.created fix, told worktree.created fix
        sync fix, durable merge.requested fix, told merge.requested fix, begin prepare fix, end prepare fix
        durable checkpoint.taken fix, told checkpoint.taken fix, begin prepare fix, end prepare fix
        durable merge.prepared fix, told merge.prepared fix, begin verify fix, end verify fix
        durable merge.verified fix, told merge.verified fix, begin land fix, end land fix
        durable merge.landed fix, told merge.landed fix, begin remove fix, end remove fix
        durable worktree.removed fix, told worktree.removed fix
      `),
    )
  })

  test('hold for a pause and a return too', async () => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    world.trace.length = 0
    await engine.command('fix', PARK)
    await engine.command('fix', RESUME)
    expect(world.trace.filter((line) => !line.startsWith('told'))).toEqual(
      lines(`
        durable task.parked fix, begin remove fix, end remove fix
        durable checkpoint.taken fix, begin remove fix, end remove fix, durable worktree.removed fix
        durable task.resumed fix, begin create fix, end create fix, durable worktree.created fix
      `),
    )
  })
})

describe('many tasks at once', () => {
  test('have their facts told in log order, each after it is durable', async () => {
    const world = new World()
    const { engine, told } = await world.open()
    const ids = Array.from({ length: 12 }, (_, index) => `task-${index}`)
    await Promise.all(
      ids.map(async (id, index) => {
        await engine.create({ id })
        world.write(id, `work of ${id}`)
        await engine.checkpoint(id, undefined)
        await engine.command(id, index % 2 === 0 ? ABANDON : PARK)
      }),
    )
    expect(told).toEqual(await world.facts())
    const durable = world.trace.filter((line) => line.startsWith('durable '))
    const heard = world.trace.filter((line) => line.startsWith('told '))
    expect(heard.map((line) => line.slice('told '.length))).toEqual(
      durable.map((line) => line.slice('durable '.length)),
    )
    for (const [index, line] of heard.entries()) {
      const fact = durable[index]!
      expect(world.trace.indexOf(fact)).toBeLessThan(world.trace.indexOf(line))
    }
  })

  test('are told of in log order though another process appends in between', async () => {
    const world = new World()
    const [one, other] = [await world.open(), await world.open()]
    const create = async ({ engine }: typeof one, name: string): Promise<void> => {
      for (let index = 0; index < 5; index++) await engine.create({ id: `${name}-${index}` })
    }
    await Promise.all([create(one, 'one'), create(other, 'other')])
    await Promise.all([one.engine.refresh(), other.engine.refresh()])
    expect(one.told).toEqual(await world.facts())
    expect(other.told).toEqual(one.told)
  })

  test('run at the same time', async () => {
    const world = new World()
    const { engine } = await world.open()
    const all = new Meeting(3)
    for (let task = 0; task < 3; task++) {
      world.script.next('create', async (proceed) => {
        await all.arrive()
        return proceed()
      })
    }
    const tasks = await Promise.all(['a', 'b', 'c'].map(async (id) => engine.create({ id })))
    expect(tasks.map(({ status }) => status)).toEqual(['active', 'active', 'active'])
  })
})

describe('one task', () => {
  test('has its operations done one after the other, as they came', async () => {
    const world = new World()
    const { engine } = await world.open()
    await engine.create({ id: 'fix' })
    const results = await Promise.all([
      engine.command('fix', PARK),
      engine.command('fix', RESUME),
      engine.command('fix', ABANDON),
    ])
    expect(results.map(({ status }) => status)).toEqual(['parked', 'active', 'abandoned'])
    const effects = world.trace.filter((line) => /^(begin|end)/.test(line))
    expect(effects).toEqual(
      // Before a worktree goes for the first time there is something to pin: what it was made with.
      ['create', 'remove', 'remove', 'create', 'remove'].flatMap((effect) => [
        `begin ${effect} fix`,
        `end ${effect} fix`,
      ]),
    )
  })

  test('has them done one after the other by several processes too', async () => {
    const world = new World()
    const [one, other] = [await world.open(), await world.open()]
    await one.engine.create({ id: 'fix' })
    const results = await Promise.all([one.engine.command('fix', PARK), other.engine.command('fix', RESUME)])
    expect(results.map(({ status }) => status)).toEqual(['parked', 'active'])
  })
})
