import { MAX_MESSAGE_LENGTH } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

async function created(world: World): Promise<Session> {
  const session = await world.open()
  await session.engine.create({ id: 'fix' })
  return session
}

describe('a checkpoint', () => {
  test('pins what is new and is recorded with its message', async () => {
    const world = new World()
    const { engine } = await created(world)
    world.write('fix', 'half of it')
    const checkpoint = await engine.checkpoint('fix', 'half-way')
    expect(checkpoint).toMatchObject({ number: 1, tree: world.treeWith('fix', 'half of it') })
    expect((await world.facts()).at(-1)).toMatchObject({
      type: 'checkpoint.taken',
      data: { checkpoint, message: 'half-way' },
    })
  })

  test('of nothing new is the one before it, or none, and records nothing', async () => {
    const world = new World()
    const { engine } = await created(world)
    expect(await engine.checkpoint('fix', undefined)).toBeNull()
    world.write('fix', 'half of it')
    const checkpoint = await engine.checkpoint('fix', undefined)
    expect(await engine.checkpoint('fix', undefined)).toEqual(checkpoint)
    expect(await world.typesOf('fix')).toEqual(['task.requested', 'worktree.created', 'checkpoint.taken'])
  })

  test('is refused before anything is pinned where the message is too long', async () => {
    const world = new World()
    const { engine } = await created(world)
    world.write('fix', 'half of it')
    const message = 'x'.repeat(MAX_MESSAGE_LENGTH + 1)
    await expect(engine.checkpoint('fix', message)).rejects.toMatchObject({
      code: 'invalid-text',
      field: 'message',
    })
    expect(world.pinsOf('fix')).toEqual([])
  })

  test('is refused where the task has given its worktree back', async () => {
    const world = new World()
    const { engine } = await created(world)
    await engine.command('fix', PARK)
    const refused = {
      code: 'illegal-move',
      command: 'task.checkpoint',
      allowed: ['task.resume', 'task.abandon'],
    }
    await expect(engine.checkpoint('fix', undefined)).rejects.toMatchObject(refused)
  })

  test('is refused before anything that is owed is done', async () => {
    const world = new World()
    const { engine } = await created(world)
    world.script.fail('remove', new Error('no'))
    await engine.command('fix', PARK)
    await expect(engine.checkpoint('fix', undefined)).rejects.toMatchObject({ code: 'illegal-move' })
    expect(world.trace.filter((line) => line.startsWith('begin remove'))).toHaveLength(1)
  })

  test('pins what is there while a landing is owed, which comes to its end later', async () => {
    const world = new World()
    const { engine } = await created(world)
    world.script.fail('land', new Error('the disk is full'))
    await engine.command('fix', mergeRequest()).catch(() => undefined)
    world.write('fix', 'more of it')
    const more = world.treeWith('fix', 'more of it')
    expect(await engine.checkpoint('fix', 'to be sure')).toMatchObject({ tree: more })
    expect(engine.find('fix')).toMatchObject({ status: 'merging' })
    await engine.recover()
    expect(engine.find('fix')).toMatchObject({ status: 'merged', checkpoint: { tree: more } })
  })
})
