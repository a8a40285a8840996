import type { Locks } from '@coppice/core'
import { fact, LockTable } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK } from '../helpers/requests.js'
import { World } from '../helpers/world/world.js'

// Two processes that do not see each other's locks: the log alone keeps them apart.
const alone = (): { ports: { locks: Locks } } => ({ ports: { locks: new LockTable().openFor('it') } })

describe('a command that another process was faster than', () => {
  test('is decided anew on what the log then says', async () => {
    const world = new World()
    const { engine, told } = await world.open()
    await engine.create({ id: 'fix' })
    world.script.next('prepare', async (proceed) => {
      await world.log.append('task/fix', [fact('agent.exited')], 'any')
      return proceed()
    })
    expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged', version: 8 })
    expect(told).toEqual(await world.facts())
    expect(await world.typesOf('fix')).toEqual([
      'task.requested',
      'worktree.created',
      'merge.requested',
      'agent.exited',
      'checkpoint.taken',
      'merge.prepared',
      'merge.landed',
      'worktree.removed',
    ])
  })

  test('is refused if the log then refuses it, and nothing is recorded twice', async () => {
    const world = new World()
    const [one, other] = [await world.open(alone()), await world.open(alone())]
    await one.engine.create({ id: 'fix' })
    const results = await Promise.allSettled([
      one.engine.command('fix', ABANDON),
      other.engine.command('fix', ABANDON),
    ])
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    expect(refusals).toEqual([expect.objectContaining({ code: 'illegal-move', status: 'abandoned' })])
    const abandoned = (await world.typesOf('fix')).filter((type) => type === 'task.abandoned')
    expect(abandoned).toHaveLength(1)
  })

  test('is decided on what that process appended, though this one had not yet read it', async () => {
    const world = new World()
    const [one, other] = [await world.open(), await world.open()]
    await one.engine.create({ id: 'fix' })
    expect(other.engine.find('fix')).toBeNull()
    expect(await other.engine.command('fix', PARK)).toMatchObject({ status: 'parked' })
    await one.engine.refresh()
    expect(one.engine.find('fix')).toEqual(other.engine.find('fix'))
    expect(one.engine.position).toBe(other.engine.position)
  })
})
