import type { FactOf, RecordedFact } from '@coppice/core'
import { LockTable, LogDisk, MortalSteps, SimulatedLog, never, type Steps } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'

const parked = (reason: string): FactOf<'task.parked'> => ({
  type: 'task.parked',
  at: '2026-01-02T03:04:05.000Z',
  data: { reason },
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A machine on which a process `doomed` is stopped at a step, or fails at it, and another one goes on. */
function machine(at: string, how: () => Promise<void> = never) {
  const disk = new LogDisk()
  const table = new LockTable()
  const steps = new MortalSteps({ step: (name) => (name === at ? how() : Promise.resolve()) } satisfies Steps)
  const doomed = new SimulatedLog({ disk, locks: table.openFor('doomed'), steps })
  const kill = (): void => {
    steps.end()
    table.free('doomed')
  }
  return { disk, doomed, kill, other: () => new SimulatedLog({ disk, locks: table.openFor('other') }) }
}

async function reasonsIn(log: SimulatedLog): Promise<(string | null)[]> {
  const facts: RecordedFact[] = []
  for await (const fact of log.read()) facts.push(fact)
  return facts.map((fact) => (fact.type === 'task.parked' ? fact.data.reason : null))
}

describe('a process that is killed before it', () => {
  test('writes leaves nothing', async () => {
    const { doomed, kill, other } = machine('log: write')
    void doomed.append('task/a', [parked('1')], 'any')
    await turn()
    kill()
    expect(await reasonsIn(other())).toEqual([])
  })

  test('syncs leaves facts that nobody reads as long as it may still fail, and everybody after its death', async () => {
    const { disk, doomed, kill, other } = machine('log: sync')
    void doomed.append('task/a', [parked('1'), parked('2')], 'any')
    await turn()
    expect(await reasonsIn(other())).toEqual([])
    kill()
    expect(disk.unsynced()).toHaveLength(2)
    expect(await reasonsIn(other())).toEqual(['1', '2'])
    expect(disk.unsynced()).toEqual([])
  })

  test('syncs leaves facts that the next append makes durable, and counts', async () => {
    const { doomed, kill, other } = machine('log: sync')
    void doomed.append('task/a', [parked('1')], 'any')
    await turn()
    kill()
    await expect(other().append('task/a', [parked('2')], 'no-stream')).rejects.toMatchObject({ actual: 1 })
    await other().append('task/a', [parked('2')], 1)
    expect(await reasonsIn(other())).toEqual(['1', '2'])
  })

  test('is answered leaves facts that are in the log, for which it never got its acknowledgement', async () => {
    const { doomed, kill, other } = machine('log: acknowledge')
    let isAnswered = false
    void doomed.append('task/a', [parked('1')], 'any').then(() => (isAnswered = true))
    await turn()
    expect(await reasonsIn(other())).toEqual(['1'])
    kill()
    expect([await reasonsIn(other()), isAnswered]).toEqual([['1'], false])
  })
})

test.each([0, 1, 2, 3])(
  'of three unsynced facts %d can survive a power cut, and the log goes on behind them',
  async (kept) => {
    const { disk, doomed, kill, other } = machine('log: sync')
    await other().append('task/b', [parked('0')], 'any')
    void doomed.append('task/a', [parked('1'), parked('2'), parked('3')], 'any')
    await turn()
    kill()
    disk.dropUnsynced(kept)
    const survivors = ['0', '1', '2', '3'].slice(0, 1 + kept)
    expect(await reasonsIn(other())).toEqual(survivors)
    const [next] = await other().append('task/a', [parked('4')], kept)
    expect(next).toMatchObject({ sequence: survivors.length + 1, version: kept + 1 })
  },
)

test.each(['log: write', 'log: sync'])(
  'an append that fails at `%s` is not in the log, and the next one is',
  async (at) => {
    const fail = (): Promise<never> => Promise.reject(new Error('EIO'))
    const { disk, doomed, other } = machine(at, fail)
    await expect(doomed.append('task/a', [parked('1')], 'any')).rejects.toThrow('EIO')
    expect([await reasonsIn(other()), disk.unsynced()]).toEqual([[], []])
    await other().append('task/a', [parked('2')], 'no-stream')
    expect(await reasonsIn(other())).toEqual(['2'])
  },
)

test('an append whose acknowledgement is lost is in the log, though its caller gets an error', async () => {
  const { doomed, other } = machine('log: acknowledge', () => Promise.reject(new Error('lost')))
  await expect(doomed.append('task/a', [parked('1')], 'any')).rejects.toThrow('lost')
  expect(await reasonsIn(other())).toEqual(['1'])
})

test('a process that is paused at its sync keeps others waiting, and then all goes on', async () => {
  let wake: () => void = () => undefined
  const { doomed, other } = machine('log: sync', () => new Promise((resolve) => (wake = resolve)))
  const first = doomed.append('task/a', [parked('1')], 'any')
  const second = other().append('task/a', [parked('2')], 'any')
  await turn()
  expect(await reasonsIn(other())).toEqual([])
  wake()
  await Promise.all([first, second])
  expect(await reasonsIn(other())).toEqual(['1', '2'])
})

test('a killed process follows nothing any more', async () => {
  const { doomed, kill, other } = machine('none')
  const seen: number[] = []
  void (async () => {
    for await (const { sequence } of doomed.subscribe()) seen.push(sequence)
  })()
  await other().append('task/a', [parked('1')], 'any')
  await turn()
  kill()
  await other().append('task/a', [parked('2')], 'any')
  await turn()
  expect(seen).toEqual([1])
})
