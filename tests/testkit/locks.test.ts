import { withLock } from '@coppice/core'
import { LockTable } from '@coppice/testkit'
import { expect, test } from 'vitest'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a lock has one holder at a time, first come, first served', async () => {
  const table = new LockTable()
  const story: string[] = []
  const work = (name: string): Promise<void> =>
    withLock(table.openFor(name), 'repository', undefined, async () => {
      story.push(`${name} in`)
      await turn()
      story.push(`${name} out`)
    })
  await Promise.all(['a', 'b', 'c'].map(work))
  expect(story).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  expect(table.held()).toEqual({})
})

test('a lock that is held is not free to be tried, and another one is', async () => {
  const table = new LockTable()
  const lock = await table.openFor('a').acquire('one')
  const b = table.openFor('b')
  expect([await b.tryAcquire('one'), (await b.tryAcquire('two')) === null]).toEqual([null, false])
  await lock.release()
  expect(await b.tryAcquire('one')).not.toBeNull()
  expect(table.held()).toEqual({ one: 'b', two: 'b' })
})

test('what a killed process held goes to who waits, and the dead release and take nothing any more', async () => {
  const table = new LockTable()
  const dead = table.openFor('dead')
  const held = await dead.acquire('one')
  const taken: unknown[] = []
  const take = async (): Promise<unknown> => taken.push(await dead.acquire('one'))
  void take()
  const waiting = table.openFor('alive').acquire('one')
  table.free('dead')
  const lock = await waiting
  await held.release()
  expect(table.held()).toEqual({ one: 'alive' })
  await lock.release()
  void take()
  void dead.tryAcquire('one').then((tried) => taken.push(tried))
  await turn()
  expect([table.held(), taken]).toEqual([{}, []])
})

test('a wait that is aborted ends, and the next one in the queue gets the lock', async () => {
  const table = new LockTable()
  const lock = await table.openFor('a').acquire('one')
  const abort = new AbortController()
  const given = table.openFor('b').acquire('one', abort.signal)
  const waiting = table.openFor('c').acquire('one')
  abort.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  await lock.release()
  await waiting
  expect(table.held()).toEqual({ one: 'c' })
})
