import { describe, expect, test } from 'vitest'
import { PARK } from '../helpers/requests.js'
import { flakyLog } from '../helpers/world/flaky-log.js'
import { World } from '../helpers/world/world.js'

describe('a log that cannot be read for a while', () => {
  test('fails what is asked for meanwhile, and nothing is recorded', async () => {
    const world = new World()
    const disk = flakyLog(world.log)
    const { engine } = await world.open({ ports: { log: disk.log } })
    await engine.create({ id: 'fix' })
    disk.broken = new Error('an input/output error')
    await expect(engine.command('fix', PARK)).rejects.toBe(disk.broken)
    expect(await world.typesOf('fix')).toEqual(['task.requested', 'worktree.created'])
  })

  test('is gone on with once it can be read again', async () => {
    const world = new World()
    const disk = flakyLog(world.log)
    const { engine, told } = await world.open({ ports: { log: disk.log } })
    await engine.create({ id: 'fix' })
    disk.broken = new Error('an input/output error')
    await expect(engine.refresh()).rejects.toBe(disk.broken)
    disk.broken = null
    expect(await engine.command('fix', PARK)).toMatchObject({ status: 'parked' })
    expect(told).toEqual(await world.facts())
  })
})
