import { SimulatedWorld, type Steps } from '@coppice/testkit'
import { openCoppiceOn } from 'coppice'
import { expect, test } from 'vitest'

test('tasks live on a log and a workspace of one’s own', async () => {
  const world = new SimulatedWorld()
  const coppice = await openCoppiceOn(world.start().ports)
  const task = await coppice.create({ id: 'fix', title: 'Fix it' })
  world.at(task.path).write('f', 'the fix')
  expect(await task.merge({ strategy: 'squash' })).toMatchObject({ status: 'merged', into: 'main' })
  const types: string[] = []
  for await (const { type } of coppice.events({ task: 'fix' })) types.push(type)
  expect(types.at(-1)).toBe('worktree.removed')
  await expect(task.diff()).rejects.toMatchObject({ code: 'no-diff' })
  await coppice.close()
})

test('a verify command stands for merges that name none', async () => {
  const world = new SimulatedWorld({
    verifier: ({ command }) => ({ exitCode: command[0] === 'check' ? 3 : 0 }),
  })
  const coppice = await openCoppiceOn(world.start().ports, { verify: ['check'] })
  const task = await coppice.create({ id: 'fix' })
  world.at(task.path).write('f', 'the fix')
  expect(await task.merge()).toMatchObject({ status: 'rejected', exitCode: 3 })
  expect(await task.merge({ verify: null })).toMatchObject({ status: 'merged' })
})

test('what a process has left owed is done before it is open, unless that is left', async () => {
  const world = new SimulatedWorld()
  const killed = world.start(killedAt('pin the worktree'))
  const first = await openCoppiceOn(killed.ports)
  const { path } = await first.create({ id: 'fix' })
  world.at(path).write('f', 'the fix')
  void first.task('fix').park()
  await new Promise((resolve) => setImmediate(resolve))
  killed.kill()
  const looking = await openCoppiceOn(world.start().ports, { recover: false })
  expect(looking.task('fix').state).toMatchObject({ status: 'parked', worktree: 'present' })
  const second = await openCoppiceOn(world.start().ports)
  expect(second.task('fix').state).toMatchObject({ status: 'parked', worktree: 'absent' })
})

/** A process that never comes past a step. */
function killedAt(name: string): Steps {
  return { step: (step) => (step === name ? new Promise(() => undefined) : Promise.resolve()) }
}
