import type { EventLog, RecordedFact } from '@coppice/core'
import { describe, expect, test } from 'vitest'
import { PARK } from '../helpers/requests.js'
import { World } from '../helpers/world/world.js'

/** A log that can be read or not, as the disk permits. */
function flaky(log: EventLog): { log: EventLog; broken: Error | null } {
  const state: { log: EventLog; broken: Error | null } = { log, broken: null }
  async function* read(from?: number): AsyncGenerator<RecordedFact> {
    if (state.broken !== null) throw state.broken
    yield* log.read(from)
  }
  state.log = {
    read,
    append: (stream, facts, expected) => log.append(stream, facts, expected),
    readStream: (stream) => log.readStream(stream),
    subscribe: (from, signal) => log.subscribe(from, signal),
    close: () => log.close(),
  }
  return state
}

describe('a log that cannot be read for a while', () => {
  test('fails what is asked for meanwhile, and nothing is recorded', async () => {
    const world = new World()
    const disk = flaky(world.log)
    const { engine } = await world.open({ ports: { log: disk.log } })
    await engine.create({ id: 'fix' })
    disk.broken = new Error('an input/output error')
    await expect(engine.command('fix', PARK)).rejects.toBe(disk.broken)
    expect(await world.typesOf('fix')).toEqual(['task.requested', 'worktree.created'])
  })

  test('is gone on with once it can be read again', async () => {
    const world = new World()
    const disk = flaky(world.log)
    const { engine, told } = await world.open({ ports: { log: disk.log } })
    await engine.create({ id: 'fix' })
    disk.broken = new Error('an input/output error')
    await expect(engine.refresh()).rejects.toBe(disk.broken)
    disk.broken = null
    expect(await engine.command('fix', PARK)).toMatchObject({ status: 'parked' })
    expect(told).toEqual(await world.facts())
  })
})
